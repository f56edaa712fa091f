using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Live;

/// <summary>Data of the events <c>snapshot</c> (all zones and devices) and <c>zones</c> (those that changed).</summary>
/// <param name="At">When this service made the event, ms since the Unix epoch.</param>
/// <param name="Zones">Zones.</param>
/// <param name="Devices">Devices.</param>
public sealed record LiveEvent(long At, IReadOnlyList<LiveZone> Zones, IReadOnlyList<LiveDevice> Devices);

/// <summary>Data of the event <c>lines</c>: what is known of the counting lines has changed, their calibration for one.</summary>
/// <param name="At">When, ms since the Unix epoch.</param>
public sealed record LinesEvent(long At);

/// <summary>A zone now. Null is no data, never zero.</summary>
/// <param name="Zone">Zone id.</param>
/// <param name="Start">Start of the minute that the numbers are of, s since the Unix epoch: the newest one with data.</param>
/// <param name="Entries">People who came in during that minute.</param>
/// <param name="Exits">People who went out during that minute.</param>
/// <param name="UnplacedEntries">Proven entries whose minute is not known, reported in that minute.</param>
/// <param name="UnplacedExits">As unplacedEntries, of exits.</param>
/// <param name="Last15Entries">People who came in during the 15 minutes up to and including the current one.</param>
/// <param name="Last15Exits">People who went out during the 15 minutes up to and including the current one.</param>
/// <param name="Last15UnplacedEntries">Beside last15Entries: proven entries reported in these minutes whose minute is not known.</param>
/// <param name="Last15UnplacedExits">As last15UnplacedEntries, of exits.</param>
/// <param name="Occupancy">People in the zone now, counted from the last daily reset.</param>
/// <param name="OccupancyStatus">What the occupancy is worth: the worst since the reset.</param>
/// <param name="Status">What the numbers are worth; stale where a gateway of the zone has gone silent.</param>
/// <param name="Revision">Rises whenever a window of the minute is revised.</param>
/// <param name="LagMs">From the newest reading, as its gateway received it, to its arrival here; null where the numbers did not come by the live path.</param>
public sealed record LiveZone(
    string Zone, long Start, long? Entries, long? Exits, long? UnplacedEntries, long? UnplacedExits,
    long? Last15Entries, long? Last15Exits, long? Last15UnplacedEntries, long? Last15UnplacedExits,
    long? Occupancy, Trust OccupancyStatus, Trust Status, long? Revision, long? LagMs);

/// <summary>A device now.</summary>
/// <param name="Device">Device id.</param>
/// <param name="LastSeen">Receive time of its last reading at its gateway, ms since the Unix epoch.</param>
public sealed record LiveDevice(string Device, long LastSeen);
