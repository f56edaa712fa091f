using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Ambient;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Ledger;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Status;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Footfall;

/// <summary>Renders what the fold knows as points, and puts them into the outbox.</summary>
internal sealed class FoldPoints(OutboxWriter outbox, string district, string gateway, long generation)
{
    private readonly LineWriter writer = new();

    public LineWindow Window(WindowCell cell) => cell.ToWindow(generation);

    public void Put(SqliteTransaction transaction, WindowCell cell)
    {
        writer.Clear();
        FootfallPoint.Write(writer, district, Window(cell));
        outbox.Put(transaction, writer.Series, cell.Start, new Revision(generation, cell.Revision), writer.Line);
    }

    /// <summary>Puts a finished minute of a device: measurement <c>device_health</c>.</summary>
    /// <param name="record">The journal record that the minute was finished by.</param>
    public void Put(SqliteTransaction transaction, in FinishedMinute told, long record)
    {
        var (device, minute) = (told.Device, told.Minute);
        writer.Clear();
        writer.Measurement("device_health").Tag("device", device.Id).Tag("district", district).Tag("gateway", gateway)
            .Field("last_seen", told.LastSeen)
            .Field("readings", minute.Readings)
            .Field("duplicates", minute.Duplicates)
            .Field("missing", minute.Missing)
            .Field("refused", minute.Refused)
            .Field("sensor", told.Sensor)
            .Field("tells", device.Profile.Tells);
        Put(told.Health, device.Profile.Battery);
        writer.End(minute.Minute);
        outbox.Put(transaction, writer.Series, minute.Minute, new Revision(generation, record), writer.Line);
    }

    private void Put(in ToldHealth told, BatteryUnit? unit)
    {
        if (told.Battery is { } battery)
            writer.Field(unit == BatteryUnit.Percent ? "battery" : "battery_volts", battery).Field("battery_at", told.BatteryAt);
        if (told.Firmware is { } firmware)
            writer.Field("firmware", firmware).Field("firmware_since", told.FirmwareSince);
    }

    /// <summary>Puts what a sensor chip measured: measurement <c>environment</c>.</summary>
    /// <param name="second">s since the Unix epoch.</param>
    /// <param name="record">The journal record that it stands in.</param>
    public void Put(SqliteTransaction transaction, string device, long second, IReadOnlyList<Measured> values, long record)
    {
        writer.Clear();
        writer.Measurement("environment").Tag("device", device).Tag("district", district);
        foreach (var value in values)
            writer.Field(value.Name, value.Value);
        writer.End(second);
        outbox.Put(transaction, writer.Series, second, new Revision(generation, record), writer.Line);
    }

    /// <summary>The series of a line's quarters as on the wire; site ids need no escapes.</summary>
    public string QuarterSeries(string line) => $"{Resolution.QuarterHour.FootfallMeasurement()},district={district},line={line}";

    /// <summary>Puts what became of a device's readings: measurement <c>completeness_15m</c>.</summary>
    /// <param name="start">Start of the quarter, s since the Unix epoch.</param>
    /// <param name="write">Rises with every point of this measurement: not a journal record, for the store's answers change it too.</param>
    public void Put(SqliteTransaction transaction, string device, long start, in LedgerEntry entry, long refused, long write)
    {
        writer.Clear();
        writer.Measurement("completeness_15m").Tag("device", device).Tag("district", district);
        if (entry.Expected is { } expected)
            writer.Field("expected", expected);
        writer.Field("received", entry.Received)
            .Field("refused", refused)
            .Field("forwarded", entry.Forwarded)
            .Field("acknowledged", entry.Acknowledged)
            .Field("rejected", entry.Rejected)
            .Field("dropped", entry.Dropped)
            .End(start);
        outbox.Put(transaction, writer.Series, start, new Revision(generation, write), writer.Line);
    }

    /// <summary>Puts the gateway's own totals: measurement <c>gateway_health</c>.</summary>
    /// <param name="minute">The minute that has passed, s since the Unix epoch.</param>
    /// <param name="record">The journal record up to which the totals hold.</param>
    /// <param name="vitals">How the gateway said last that it stood; null before it did.</param>
    public void Put(SqliteTransaction transaction, long minute, FoldTotals totals, Vitals? vitals, long record)
    {
        writer.Clear();
        writer.Measurement("gateway_health").Tag("district", district).Tag("gateway", gateway)
            .Field("envelopes", totals.Envelopes)
            .Field("readings", totals.Readings)
            .Field("duplicates", totals.Duplicates)
            .Field("refused", DeadLetters.Total(transaction.Connection!))
            .Field("repaired", totals.Repaired)
            .Field("windows", totals.Windows)
            .Field("lost", totals.LostRecords)
            .Field("dropped", Losses.Total(transaction.Connection!, "outbox"))
            .Field("generation", generation);
        vitals?.Write(writer);
        writer.End(minute);
        outbox.Put(transaction, writer.Series, minute, new Revision(generation, record), writer.Line);
    }
}
