"""The only room that imports psycopg: PostgreSQL for a team whose server has become several."""
