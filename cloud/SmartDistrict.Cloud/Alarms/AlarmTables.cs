using System.Text.Json;
using Microsoft.Data.Sqlite;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>
/// The alarms' tables in the state file. Times are ms since the Unix epoch. A subject has at most one open alarm of a kind:
/// the table itself refuses a second.
/// </summary>
internal static class AlarmTables
{
    public const string Subject = "alarms";

    public static readonly string[] Scripts =
    [
        """
        CREATE TABLE alarm (
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, subject TEXT NOT NULL,
            severity INTEGER NOT NULL, peak INTEGER NOT NULL, since INTEGER NOT NULL, raised INTEGER NOT NULL, cleared INTEGER,
            figure REAL, threshold REAL, worst REAL, detail TEXT, trust INTEGER,
            cause INTEGER, acknowledged INTEGER, acknowledged_by TEXT, assignee TEXT);
        CREATE UNIQUE INDEX alarm_open ON alarm (kind, subject) WHERE cleared IS NULL;
        CREATE INDEX alarm_by_cause ON alarm (cause) WHERE cause IS NOT NULL;
        CREATE INDEX alarm_by_subject ON alarm (subject, id);
        CREATE TABLE alarm_event (
            id INTEGER PRIMARY KEY AUTOINCREMENT, alarm INTEGER NOT NULL REFERENCES alarm (id), at INTEGER NOT NULL,
            what TEXT NOT NULL, who TEXT, text TEXT);
        CREATE INDEX alarm_event_by_alarm ON alarm_event (alarm, id);
        CREATE TABLE alarm_trigger (
            kind TEXT NOT NULL, subject TEXT NOT NULL, warning_on INTEGER NOT NULL, warning_since INTEGER,
            critical_on INTEGER NOT NULL, critical_since INTEGER, PRIMARY KEY (kind, subject)) WITHOUT ROWID;
        CREATE TABLE alarm_mute (
            kind TEXT NOT NULL, subject TEXT NOT NULL, until INTEGER NOT NULL, who TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (kind, subject)) WITHOUT ROWID;
        CREATE TABLE alarm_rule (
            kind TEXT NOT NULL, subject TEXT NOT NULL, setting TEXT NOT NULL, since INTEGER NOT NULL, who TEXT NOT NULL,
            PRIMARY KEY (kind, subject)) WITHOUT ROWID;
        CREATE TABLE webhook (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, url TEXT NOT NULL, secret BLOB NOT NULL,
            least INTEGER NOT NULL, made INTEGER NOT NULL, who TEXT NOT NULL);
        CREATE TABLE webhook_delivery (
            id INTEGER PRIMARY KEY AUTOINCREMENT, webhook INTEGER NOT NULL REFERENCES webhook (id),
            made INTEGER NOT NULL, body TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER,
            finished INTEGER, failed INTEGER NOT NULL DEFAULT 0, reason TEXT);
        CREATE INDEX webhook_delivery_due ON webhook_delivery (due) WHERE due IS NOT NULL;
        """,
    ];

    private const string Columns =
        """
        a.id, a.kind, a.subject, a.severity, a.since, a.raised, a.cleared, a.figure, a.threshold, a.worst, a.detail, a.trust,
        a.cause, a.acknowledged, a.acknowledged_by, a.assignee, m.until, m.who, a.peak
        """;

    /// <summary>The start of every question for alarms: <see cref="Read"/> reads its rows.</summary>
    public const string Select = "SELECT " + Columns + " FROM alarm a LEFT JOIN alarm_mute m ON m.kind = a.kind AND m.subject = a.subject ";

    public static Alarm Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), (Severity)row.GetInt32(3), row.GetInt64(4), row.GetInt64(5), Whole(row, 6))
    {
        Figure = Real(row, 7),
        Threshold = Real(row, 8),
        Worst = Real(row, 9),
        Detail = Text(row, 10),
        Trust = Whole(row, 11) is { } trust ? (Trust)trust : null,
        Cause = Whole(row, 12),
        Acknowledged = Whole(row, 13),
        AcknowledgedBy = Text(row, 14),
        Assignee = Text(row, 15),
        MutedUntil = Whole(row, 16),
        MutedBy = Text(row, 17),
        Peak = (Severity)row.GetInt32(18),
    };

    /// <summary>An alarm by its number; null where there is none.</summary>
    public static Alarm? Find(StateRows rows, long id) => rows.List(Select + "WHERE a.id = $1", Read, id).SingleOrDefault();

    public static List<Alarm> Open(StateRows rows) => rows.List(Select + "WHERE a.cleared IS NULL", Read);

    /// <summary>When something is over that no figure tells of: a mute, or the time in which a cause that has ended still explains.</summary>
    /// <returns>ms since the Unix epoch; null where nothing is to come.</returns>
    public static long? NextEnd(StateRows rows) => rows.Value(
        """
        SELECT min(due) FROM (
            SELECT min(until) AS due FROM alarm_mute UNION ALL
            SELECT min(c.cleared) + $1 FROM alarm a JOIN alarm c ON c.id = a.cause WHERE a.cleared IS NULL AND c.cleared IS NOT NULL)
        """,
        AlarmChange.LingerMilliseconds) as long?;

    public static List<((string Kind, string Subject) Key, AlarmState State)> Triggers(StateRows rows) => rows.List(
        "SELECT kind, subject, warning_on, warning_since, critical_on, critical_since FROM alarm_trigger",
        row => ((row.GetString(0), row.GetString(1)),
            new AlarmState(new(row.GetBoolean(2), Whole(row, 3)), new(row.GetBoolean(4), Whole(row, 5)))));

    public static void Put(StateRows rows, (string Kind, string Subject) key, AlarmState state)
    {
        if (state.IsIdle)
            rows.Run("DELETE FROM alarm_trigger WHERE kind = $1 AND subject = $2", key.Kind, key.Subject);
        else
            rows.Run("INSERT OR REPLACE INTO alarm_trigger VALUES ($1, $2, $3, $4, $5, $6)",
                key.Kind, key.Subject, state.Warning.On, state.Warning.Since, state.Critical.On, state.Critical.Since);
    }

    public static List<ConsoleRule> Rules(StateRows rows) => rows.List(
        "SELECT kind, subject, setting, since, who FROM alarm_rule",
        row => new ConsoleRule(row.GetString(0), row.GetString(1), JsonSerializer.Deserialize<AlarmSetting>(row.GetString(2))!, row.GetInt64(3), row.GetString(4)));

    /// <summary>Notes what happened to an alarm.</summary>
    public static void Note(StateRows rows, long alarm, long at, AlarmEventKind what, string? who = null, string? text = null) =>
        rows.Run("INSERT INTO alarm_event (alarm, at, what, who, text) VALUES ($1, $2, $3, $4, $5)", alarm, at, what.Name(), who, text);

    public static long? Whole(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static double? Real(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
