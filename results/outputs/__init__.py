"""The report in other forms: a workbook, pictures, a text to edit, pages to print. Pure functions to bytes."""
