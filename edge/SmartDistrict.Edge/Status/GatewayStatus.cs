using System.Text.Json.Serialization;
using SmartDistrict.Edge.Clock;
using SmartDistrict.Edge.Devices;
using SmartDistrict.Edge.Drivers;
using SmartDistrict.Edge.Drivers.Mqtt;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Live;
using SmartDistrict.Edge.Sync;

namespace SmartDistrict.Edge.Status;

/// <summary>What the gateway says of itself, at <c>GET /status</c>. Counts of messages are since enrolment unless said otherwise.</summary>
public sealed record GatewayStatus
{
    public required string Gateway { get; init; }

    public required string District { get; init; }

    /// <summary>Seconds since the process started.</summary>
    public required long UptimeSeconds { get; init; }

    /// <summary>ok, or the first fault in the order of the data's way.</summary>
    public required string State { get; init; }

    /// <summary>Driver, its state.</summary>
    public required IReadOnlyDictionary<string, string> Drivers { get; init; }

    /// <summary>Envelopes made durable.</summary>
    public required long Journaled { get; init; }

    /// <summary>Messages acknowledged to the broker since the process started.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Readings booked into windows.</summary>
    public required long Readings { get; init; }

    public required long Duplicates { get; init; }

    /// <summary>Readings whose time was repaired.</summary>
    public required long Repaired { get; init; }

    /// <summary>Windows published for the first time.</summary>
    public required long Windows { get; init; }

    /// <summary>Points that the time series store took since the process started.</summary>
    public required long Synced { get; init; }

    /// <summary>Points that wait for the time series store.</summary>
    public required long Backlog { get; init; }

    /// <summary>What was refused, by a profile or by the store.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Journal records that could not be read back, and points given up: every loss is counted.</summary>
    public required long Lost { get; init; }

    /// <summary>Records that are durable but not folded yet.</summary>
    public required long Unfolded { get; init; }

    public required string Sync { get; init; }

    public required string Live { get; init; }

    public required string Clock { get; init; }

    public required long JournalBytes { get; init; }

    /// <summary>Devices that are not read because their profile or their entry is broken: device, reason and mend.</summary>
    public required IReadOnlyDictionary<string, string> FaultedDevices { get; init; }

    internal static GatewayStatus Of(GatewayOptions options, DeviceCatalog catalog, IReadOnlyList<IDriver> drivers,
        Journal.Journal journal, GroupCommit commit, FoldLoop folding, SyncService sync, LivePath live, GatewayClock clock)
    {
        var synced = sync.Status;
        var faults = drivers.Where(driver => driver.State != MqttDriver.Connected).Select(driver => $"{driver.Name}: {driver.State}")
            .Append(commit.Fault).Append(folding.Fault)
            .Append(synced.State is SyncState.Held or SyncState.Waiting ? $"sync: {synced.Reason}" : null);
        return new()
        {
            Gateway = options.Id,
            District = catalog.District,
            UptimeSeconds = (long)clock.Uptime.TotalSeconds,
            State = faults.FirstOrDefault(fault => fault is not null) ?? "ok",
            Drivers = drivers.ToDictionary(driver => driver.Name, driver => driver.State),
            Journaled = folding.Totals.Envelopes + journal.LastCommitted - folding.Position,
            Acknowledged = drivers.OfType<MqttDriver>().Sum(driver => driver.Acknowledged),
            Readings = folding.Totals.Readings,
            Duplicates = folding.Totals.Duplicates,
            Repaired = folding.Totals.Repaired,
            Windows = folding.Totals.Windows,
            Synced = synced.Accepted,
            Backlog = synced.Backlog,
            DeadLetters = folding.Totals.Refused + synced.Rejected,
            Lost = folding.Totals.LostRecords + synced.Lost,
            Unfolded = journal.LastCommitted - folding.Position,
            Sync = synced.Reason.Length == 0 ? synced.State.ToString().ToLowerInvariant() : $"{synced.State.ToString().ToLowerInvariant()}: {synced.Reason}. {synced.Mend}",
            Live = live.State,
            Clock = clock.Now().State.ToString().ToLowerInvariant(),
            JournalBytes = journal.BytesOnDisk(),
            FaultedDevices = catalog.Faulted.ToDictionary(device => device.Id, device => $"{device.Problem.What}. Mend: {device.Problem.Mend}"),
        };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(GatewayStatus))]
internal sealed partial class GatewayStatusJson : JsonSerializerContext;
