using System.Text.Json.Serialization;

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

    /// <summary>Whether it works, and every reason for a doubt.</summary>
    public required Health Health { get; init; }

    /// <summary>Driver, its state.</summary>
    public required IReadOnlyDictionary<string, string> Drivers { get; init; }

    /// <summary>Envelopes made durable.</summary>
    public required long Journaled { get; init; }

    /// <summary>Messages acknowledged to the broker since the process started.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Envelopes folded from the journal.</summary>
    public required long Folded { get; init; }

    /// <summary>Readings booked into windows.</summary>
    public required long Readings { get; init; }

    public required long Duplicates { get; init; }

    /// <summary>Readings whose time was repaired.</summary>
    public required long Repaired { get; init; }

    /// <summary>Windows published for the first time.</summary>
    public required long Windows { get; init; }

    /// <summary>Points that the time series store took since the process started.</summary>
    public required long Synced { get; init; }

    /// <summary>Bytes of these points' lines.</summary>
    public required long SyncedBytes { get; init; }

    /// <summary>Points that the store refused since the process started; they are dead letters.</summary>
    public required long Rejected { get; init; }

    /// <summary>Requests to the store that failed and were or will be sent again, since the process started.</summary>
    public required long Retried { get; init; }

    /// <summary>Points that wait for the time series store.</summary>
    public required long Backlog { get; init; }

    /// <summary>Bytes of their lines.</summary>
    public required long BacklogBytes { get; init; }

    /// <summary>Age of the window of the oldest of them, s; null where none waits.</summary>
    public required long? OldestSeconds { get; init; }

    /// <summary>Envelopes or readings that a profile refused.</summary>
    public required long Refused { get; init; }

    /// <summary>What was refused, by a profile or by the store.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Journal records that could not be read back, and points given up: every loss is counted.</summary>
    public required long Lost { get; init; }

    /// <summary>The losses by stream: journal (records), outbox (points).</summary>
    public required IReadOnlyDictionary<string, long> Losses { get; init; }

    /// <summary>Journal records that a power cut tore before they were acknowledged: their senders kept them, so they are no loss.</summary>
    public required long Torn { get; init; }

    /// <summary>Commits, checkpoints and reads that the disk refused since the process started; each is tried again.</summary>
    public required long DiskFaults { get; init; }

    /// <summary>Records that are durable but not folded yet.</summary>
    public required long Unfolded { get; init; }

    public required string Sync { get; init; }

    public required string Live { get; init; }

    public required string Clock { get; init; }

    public required long JournalBytes { get; init; }

    /// <summary>How long it can do without its store.</summary>
    public required Runway Runway { get; init; }

    /// <summary>Its bounded stores and their policies.</summary>
    public required IReadOnlyList<StorageStatus> Storage { get; init; }

    public required WearStatus Wear { get; init; }

    public required MachineStatus Machine { get; init; }

    /// <summary>Processor time of the process over the last two minutes, % of one core.</summary>
    public required double? CpuPercent { get; init; }

    /// <summary>Each device of this gateway, faulted ones last.</summary>
    public required IReadOnlyList<DeviceStatus> Devices { get; init; }

    /// <summary>Faults of devices that began since the process started, by state.</summary>
    public required IReadOnlyDictionary<string, long> DeviceFaults { get; init; }

    /// <summary>Devices that are not read because their profile or their entry is broken: device, reason and mend.</summary>
    public required IReadOnlyDictionary<string, string> FaultedDevices { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(GatewayStatus))]
[JsonSerializable(typeof(Health))]
internal sealed partial class GatewayStatusJson : JsonSerializerContext;
