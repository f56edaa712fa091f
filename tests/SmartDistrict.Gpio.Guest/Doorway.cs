using SmartDistrict.Edge.Drivers.Gpio;
using SmartDistrict.Edge.Journal;

namespace SmartDistrict.Gpio.Guest;

/// <summary>A district of two doors with a pair of beams each, on one simulated chip; and the files of its gateway.</summary>
internal sealed class Doorway : IDisposable
{
    public const string Chip = "doors";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("doorway-");

    public Doorway(int debounceMs)
    {
        File.WriteAllText(District, $$$"""
            district: doorway
            name: {zh: 门, en: Doors}
            time_zone: Asia/Shanghai
            occupancy_reset: "04:00"
            coordinates: local-metres
            gateways:
              - {id: gw-1, name: {zh: 门口网关, en: Door gateway}}
            zones:
              - {id: shop, name: {zh: 店铺, en: Shop}, kind: shop, area_m2: 80, polygon: [[0, 0], [10, 0], [10, 8], [0, 8]]}
            lines:
              - {id: ln-01, name: {zh: 东门, en: East}, at: [[4, 0], [6, 0]], joins: [{since: "2026-01-01T00:00:00+08:00", from: outside, to: shop}]}
              - {id: ln-02, name: {zh: 西门, en: West}, at: [[4, 8], [6, 8]], joins: [{since: "2026-01-01T00:00:00+08:00", from: outside, to: shop}]}
            devices:
              - {id: east, gateway: gw-1, profile: dual-beam, line: ln-01, gpio: {chip: {{{Chip}}}, a: EAST_A, b: EAST_B, debounce_ms: {{{debounceMs}}}}}
              - {id: west, gateway: gw-1, profile: dual-beam, line: ln-02, gpio: {chip: {{{Chip}}}, a: 2, b: 3, active_low: true, bias: pull-up, debounce_ms: {{{debounceMs}}}}}
            """);
        Directory.CreateDirectory(Profiles);
    }

    public string District => Path.Combine(folder.FullName, "doorway.yaml");

    public string Profiles => Path.Combine(folder.FullName, "profiles");

    public string Data => Path.Combine(folder.FullName, "data");

    public static SimulatedChip Wire() => new(Chip, 8, "EAST_A", "EAST_B", "WEST_A", "WEST_B");

    /// <summary>Everything that a journal says of a device, with the records' numbers.</summary>
    public static List<(long Record, GpioNotice Notice)> Notices(Journal journal, string device)
    {
        var notices = new List<(long, GpioNotice)>();
        using var reader = journal.ReadFrom(1);
        while (reader.TryRead(out var record))
        {
            if (record.Kind != RecordKind.Envelope || !record.Topic.SequenceEqual(GpioEnvelope.Topic(device)))
                continue;
            Assert.True(GpioEnvelope.TryRead(record.Payload, out var notice, out var problem), problem?.What);
            notices.Add((record.Number, notice));
        }
        Assert.Equal(0, reader.Lost);
        return notices;
    }

    public static List<GpioEdge> Edges(IEnumerable<(long Record, GpioNotice Notice)> notices) =>
        [.. notices.Select(notice => notice.Notice).OfType<GpioNotice.Edges>().SelectMany(edges => edges.List)];

    public void Dispose() => folder.Delete(recursive: true);
}
