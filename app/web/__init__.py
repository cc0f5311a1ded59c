"""HTTP mechanics that know no resource."""
