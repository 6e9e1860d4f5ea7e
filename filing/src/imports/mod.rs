//! Parcels as other systems describe them, read into shipments of the contract.
