"""Places, union offices, responsible bodies with their managers, topics; and which rows a query sees."""
