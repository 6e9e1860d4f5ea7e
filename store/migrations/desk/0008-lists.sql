-- Parcels of a day, and what was done to one parcel, are found without reading all of a tenant.
CREATE INDEX parcel_day ON parcel (tenant, day, position);
CREATE INDEX audit_about ON audit (tenant, about, seq);
