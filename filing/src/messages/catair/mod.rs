//! CBP's fixed-column messages (CATAIR), driven by the table of layouts.
