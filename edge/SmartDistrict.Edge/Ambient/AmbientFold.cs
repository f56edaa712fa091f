using Microsoft.Data.Sqlite;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Drivers.Iio;
using SmartDistrict.Edge.Footfall;

namespace SmartDistrict.Edge.Ambient;

/// <summary>
/// Folds what sensor chips say: each reading is a point of measurement <c>environment</c> at its own second. It keeps
/// nothing from reading to reading; what waits for a checkpoint is folded again after a crash.
/// </summary>
internal sealed class AmbientFold(FoldPoints points)
{
    private readonly List<(string Device, long Second, List<Measured> Values, long Record)> waiting = [];

    /// <summary>Whether readings wait for a checkpoint to be published.</summary>
    public bool Publishable => waiting.Count > 0;

    /// <summary>Takes an envelope's payload.</summary>
    /// <param name="at">When it was read, ms since the Unix epoch.</param>
    /// <param name="record">Number of the journal record.</param>
    /// <param name="problem">What of it is unsound and left out; null where all is sound.</param>
    /// <returns>What was measured; empty where nothing is left.</returns>
    public IReadOnlyList<Measured> Take(string device, ReadOnlySpan<byte> payload, long at, long record, out PayloadProblem? problem)
    {
        if (!SensorEnvelope.TryRead(payload, out var attributes, out problem))
            return [];
        var values = KernelQuantities.Read(attributes, out var unsound);
        problem = unsound is not null ? new(unsound, "check the sensor's wires and supply; if it stays, change the sensor")
            : values.Count == 0 ? new("no attribute says a temperature, humidity, pressure, distance, illuminance or voltage", "name another chip in the district file")
            : null;
        if (values.Count > 0)
            waiting.Add((device, at / 1000, values, record));
        return values;
    }

    /// <summary>Hands what waits to the outbox, as part of a checkpoint.</summary>
    public void Save(SqliteTransaction transaction)
    {
        foreach (var (device, second, values, record) in waiting)
            points.Put(transaction, device, second, values, record);
    }

    /// <summary>The checkpoint has been committed.</summary>
    public void Saved() => waiting.Clear();
}
