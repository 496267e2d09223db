"""What both flows stand on: places, accounts, people, money, and the record of what was done."""
