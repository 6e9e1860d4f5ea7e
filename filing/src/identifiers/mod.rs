//! Numbers that name entries, parties, parcels and places: read, checked and built.
