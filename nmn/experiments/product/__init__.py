"""What the part on the ⵟ-product measures: how many digits rounding leaves."""
