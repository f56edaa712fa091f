namespace SmartDistrict.Cloud.Access;

/// <summary>Who may come in, in the state file. Instants are ms since the Unix epoch; secrets are kept as hashes only.</summary>
internal static class AccessTables
{
    public const string Schema =
        """
        CREATE TABLE person (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, role TEXT NOT NULL,
            blocked INTEGER NOT NULL DEFAULT 0, password TEXT, made_at INTEGER NOT NULL, seen_at INTEGER);
        CREATE TABLE invitation (person INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, expires_at INTEGER NOT NULL);
        CREATE TABLE session (id TEXT PRIMARY KEY, person INTEGER NOT NULL, made_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, device TEXT) WITHOUT ROWID;
        CREATE INDEX session_by_person ON session (person);
        CREATE TABLE attempt (name TEXT PRIMARY KEY, count INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE token (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, start TEXT NOT NULL, role TEXT, gateway TEXT,
            made_by TEXT NOT NULL, made_at INTEGER NOT NULL, expires_at INTEGER, used_at INTEGER, revoked_at INTEGER,
            CHECK ((role IS NULL) <> (gateway IS NULL)));
        """;

    /// <summary>Who signs in at an OpenID provider: its name, a blank, and its name for them.</summary>
    public const string OpenId =
        """
        ALTER TABLE person ADD COLUMN subject TEXT;
        CREATE UNIQUE INDEX person_by_subject ON person (subject) WHERE subject IS NOT NULL;
        """;
}
