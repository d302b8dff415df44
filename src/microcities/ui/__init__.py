"""What every page is made of: shell, components, forms, tables, charts, formats. It knows no model."""
