using System.Globalization;
using SmartDistrict.Configuration.Yaml;
using SmartDistrict.Telemetry;

namespace SmartDistrict.Configuration;

/// <summary>Reads <c>firmware-config/districts/*.yaml</c>. The form is <c>firmware-config/schema/district.schema.json</c>.</summary>
public static class DistrictFile
{
    private static readonly string[] ZoneKinds = ["street", "plaza", "shop", "hall", "entrance", "storey"];
    private static readonly string[] CoordinateWords = ["wgs84", "local-metres"];

    /// <summary>Reads and cross-checks a district.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; holds every problem of the file.</exception>
    public static District Load(string path)
    {
        var problems = new ConfigurationProblems(path);
        return Read(path, problems) ?? throw new ConfigurationException(problems.InOrder);
    }

    /// <summary>Reads and cross-checks a district; null where anything is wrong, then the problems say what.</summary>
    /// <param name="inspect">Further checks of each device, with the reader that knows the places of its keys.</param>
    public static District? Read(string path, ConfigurationProblems problems, Action<DeviceEntry, YamlReader>? inspect = null) =>
        YamlFile.Read(path, problems) is { } root ? Read(root, problems, inspect) : null;

    /// <summary>As <see cref="Read(string, ConfigurationProblems, Action{DeviceEntry, YamlReader})"/>, from text.</summary>
    public static District? Parse(string text, ConfigurationProblems problems) =>
        YamlFile.Parse(text, problems) is { } root ? Read(root, problems, null) : null;

    private static District? Read(YamlMapping root, ConfigurationProblems problems, Action<DeviceEntry, YamlReader>? inspect)
    {
        var file = new YamlReader("the district", root, problems);
        var id = Id(file, "district", "harbour");
        var name = Name(file);
        var zone = ZoneOfTime(file, "time_zone", required: true) ?? TimeZoneInfo.Utc;
        var reset = Reset(file);
        var coordinates = file.Choice("coordinates", CoordinateWords) == "local-metres" ? CoordinateSystem.LocalMetres : CoordinateSystem.Wgs84;

        var gateways = new SiteTable("gateway");
        var zones = new SiteTable("zone");
        var lines = new SiteTable("line");
        var devices = new SiteTable("device");
        var lockers = new SiteTable("locker");
        var kiosks = new SiteTable("kiosk");
        var carts = new SiteTable("cart");
        zones.Take(District.Outside);

        var district = new District(
            id ?? "", name, zone, reset, coordinates,
            [.. Maps(file, gateways, "gateways", "- {id: gw-1, name: {zh: 一号网关, en: Gateway 1}}").Select(Gateway)],
            [.. Maps(file, zones, "zones", "- {id: plaza-01, …}").Select(reader => Zone(reader, coordinates))],
            [.. Maps(file, lines, "lines", "- {id: ln-01, …}").Select(reader => Line(reader, coordinates, zones))],
            [.. DevicesOf(file, devices, zone, gateways, lines, inspect)])
        {
            Levels = FloorPlanReader.Levels(file),
            Plans = [.. Maps(file, new SiteTable("plan"), "plans", null).Select(of => FloorPlanReader.Plan(of.Reader, of.Id, Name(of.Reader), coordinates))],
            Lockers = [.. Maps(file, lockers, "lockers", null).Select(of => AssetReader.Locker(of, gateways, coordinates))],
            Kiosks = [.. Maps(file, kiosks, "kiosks", null).Select(of => AssetReader.Kiosk(of, gateways, coordinates))],
            Carts = [.. Maps(file, carts, "carts", null).Select(of => AssetReader.Cart(of, gateways))],
            Numbers = NumbersRulesReader.Read(file, zones, lines, group => (Id(group, "id", "waterfront"), Name(group))),
            Alarms = AlarmRuleReader.Read(file, new Dictionary<AlarmSubject, SiteTable>
            {
                [AlarmSubject.Zone] = zones, [AlarmSubject.Gateway] = gateways, [AlarmSubject.Device] = devices,
                [AlarmSubject.Locker] = lockers, [AlarmSubject.Kiosk] = kiosks, [AlarmSubject.Cart] = carts,
            }),
            Calendar = CalendarReader.Read(file),
        };
        file.End();
        return problems.Count == 0 ? district : null;
    }

    private static IEnumerable<(YamlReader Reader, string Id)> Maps(YamlReader file, SiteTable table, string key, string? example)
    {
        foreach (var reader in file.Maps(key, $"a {table.Sort}", example))
        {
            var id = Id(reader, "id", $"{table.Sort}-1");
            reader.Subject = $"{table.Sort} '{id ?? "?"}'";
            if (id is not null && !table.Take(id))
                reader.Problems.Add(reader.Place("id"), id == District.Outside
                    ? $"a zone cannot be called '{id}': that name stands for everything beyond the district"
                    : $"there is already a {table.Sort} '{id}'", "give this one an id of its own");
            yield return (reader, id ?? "");
        }
    }

    private static Gateway Gateway((YamlReader Reader, string Id) of)
    {
        var gateway = new Gateway(of.Id, Name(of.Reader));
        of.Reader.End();
        return gateway;
    }

    private static Zone Zone((YamlReader Reader, string Id) of, CoordinateSystem coordinates)
    {
        var (reader, id) = of;
        var name = Name(reader);
        var kind = reader.Choice("kind", ZoneKinds, required: true) ?? "";
        var level = (int)(reader.Whole("level", -20, 200) ?? 0);
        var area = reader.Positive("area_m2");
        var capacity = (int?)reader.Whole("capacity", 1, 1_000_000);
        var segment = reader.Has("segment") ? PositionReader.Many(reader, "segment", "[[121.49, 31.23], [121.50, 31.23]]", coordinates) : null;
        var width = reader.Positive("width_m");
        if (reader.Has("segment") && reader.Has("polygon"))
            reader.Problems.Add(reader.Place("segment"), $"{reader.Subject} has a 'polygon' and a 'segment'", "keep 'polygon' for an outline, 'segment' for the middle line of a street");
        if (segment is not null && segment.Distinct().Count() < 2)
            reader.Problems.Add(reader.Place("segment"), $"the segment of {reader.Subject} has no length", "give at least 2 positions along the street");
        if (width is not null && !reader.Has("segment"))
            reader.Problems.Add(reader.Place("width_m"), $"{reader.Subject} has a 'width_m', but no 'segment'", "remove 'width_m': a polygon is as wide as it is");
        var polygon = reader.Has("segment") ? null : PositionReader.Many(reader, "polygon", "[[121.49, 31.23], [121.50, 31.23], [121.50, 31.24]]", coordinates);
        if (polygon is not null)
        {
            if (polygon.Count > 1 && polygon[0] == polygon[^1])
                polygon.RemoveAt(polygon.Count - 1);
            if (polygon.Distinct().Count() < 3 || Geometry.IsFlat(polygon))
                reader.Problems.Add(reader.Place("polygon"), $"the polygon of {reader.Subject} encloses no area",
                    "give at least 3 corners that do not lie on one straight line");
        }
        reader.End();
        var zone = new Zone(id, name, kind, level, area, capacity, polygon ?? []) { Segment = segment };
        return width is { } metres ? zone with { SegmentWidth = metres } : zone;
    }

    private static CountingLine Line((YamlReader Reader, string Id) of, CoordinateSystem coordinates, SiteTable zones)
    {
        var (reader, id) = of;
        var name = Name(reader);
        var at = PositionReader.Many(reader, "at", "[[121.49, 31.23], [121.4901, 31.23]]", coordinates);
        if (at is not null && (at.Count != 2 || at[0] == at[1]))
            reader.Problems.Add(reader.Place("at"), $"'at' of {reader.Subject} has {at.Count} position(s){(at.Count == 2 ? " that are the same" : "")}",
                "give the line's two ends");
        var joins = new List<LineJoin>();
        foreach (var join in reader.Maps("joins", $"a join of {reader.Subject}", "[{since: \"2026-01-01T00:00:00+08:00\", from: outside, to: plaza-01}]"))
            if (Join(join, zones) is { } read)
            {
                if (joins.Count > 0 && joins[^1].Since >= read.Since)
                    join.Problems.Add(join.Place("since"), $"{join.Subject} is not later than the one before it", "write the joins in the order of their dates");
                joins.Add(read);
            }
        if (joins.Count == 0 && reader.Find("joins") is YamlSequence { Items.Count: 0 } empty)
            reader.Problems.Add(empty, $"{reader.Subject} joins no zones", "add a join: since when, from which zone, to which");
        var factors = Factors(reader);
        reader.End();
        var ends = at is { Count: 2 } ? (at[0], at[1]) : (default, default);
        return new CountingLine(id, name, ends.Item1, ends.Item2, joins) { Calibration = factors };
    }

    private static List<LineFactor> Factors(YamlReader line)
    {
        var factors = new List<LineFactor>();
        if (line.Has("calibration"))
            foreach (var reader in line.Maps("calibration", $"a calibration of {line.Subject}"))
            {
                var since = Since(reader);
                var (entries, exits) = (reader.Number("entries", LineFactor.Least, LineFactor.Most), reader.Number("exits", LineFactor.Least, LineFactor.Most));
                if (!reader.Has("entries") && !reader.Has("exits"))
                    reader.Problems.Add(reader.Mapping, $"{reader.Subject} has no factor", "add 'entries: 1.04', 'exits: 0.98' or both: people counted by hand ÷ people counted by the device");
                if (since is { } date && factors.Count > 0 && factors[^1].Since >= date)
                    reader.Problems.Add(reader.Place("since"), $"{reader.Subject} is not later than the one before it", "write the calibrations in the order of their dates");
                reader.End();
                factors.Add(new(since ?? default, entries ?? 1, exits ?? 1));
            }
        return factors;
    }

    private static LineJoin? Join(YamlReader reader, SiteTable zones)
    {
        var since = Since(reader);
        var from = reader.RequiredText("from", District.Outside);
        var to = reader.RequiredText("to", "plaza-01");
        zones.Demand(reader, "from", from);
        zones.Demand(reader, "to", to);
        if (from is not null && from == to)
            reader.Problems.Add(reader.Place("to"), $"{reader.Subject} leads from '{from}' to itself", "name the zone on the other side of the line");
        reader.End();
        return since is { } date && from is not null && to is not null ? new LineJoin(date, from, to) : null;
    }

    private static IEnumerable<DeviceEntry> DevicesOf(
        YamlReader file, SiteTable devices, TimeZoneInfo districtZone, SiteTable gateways, SiteTable lines,
        Action<DeviceEntry, YamlReader>? inspect)
    {
        var owners = new Dictionary<string, (string Device, string? Gateway)>();
        var addresses = new Dictionary<(string Profile, string Address), string>();
        var inputs = new Dictionary<(string? Gateway, string Chip, GpioLineId Line), string>();
        foreach (var (reader, id) in Maps(file, devices, "devices", "- {id: cam-01, gateway: gw-1, profile: native, line: ln-01}"))
        {
            var gateway = reader.RequiredText("gateway", "gw-1");
            gateways.Demand(reader, "gateway", gateway);
            var profile = Id(reader, "profile", "native") ?? "";
            var address = reader.Text("address") ?? id;
            if (address.AsSpan().IndexOfAny("/+#\0") >= 0)
                reader.Problems.Add(reader.Place("address"), $"'address' of {reader.Subject} contains '/', '+', '#' or NUL", "write it as it stands in the device's MQTT topic, a single topic level");
            else if (profile.Length > 0 && id.Length > 0 && !addresses.TryAdd((profile, address), id))
                reader.Problems.Add(reader.Place("address"), $"{reader.Subject} has the profile and address of device '{addresses[(profile, address)]}'", "give each device its own address");
            var counted = profile == SensorEntry.Profile ? [] : Channels(reader, lines);
            var exits = LinesByChannel(reader, "exit_lines", lines);
            Own(reader, (id, gateway), owners, counted.Values.Concat(exits.Values));
            foreach (var both in exits.Keys.Where(counted.ContainsKey))
                reader.Problems.Add(reader.Place("exit_lines"), $"channel '{both}' of {reader.Subject} stands in 'lines' and in 'exit_lines'", "keep one: a channel counts a line, or only its exits");
            var entry = new DeviceEntry(id, gateway ?? "", profile, address, counted, reader.Flag("reversed"), ZoneOfTime(reader, "time_zone") ?? districtZone)
            {
                ExitLines = exits,
                Period = reader.Whole("period", 1, 86_400) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                Beams = DualBeamReader.Read(reader, profile, gateway, inputs),
                Sensor = SensorReader.Read(reader, profile),
            };
            reader.End();
            inspect?.Invoke(entry, reader);
            yield return entry;
        }
    }

    /// <summary>A line's counts come from one device, and so from one gateway: two would count everybody twice.</summary>
    private static void Own(
        YamlReader reader, (string Device, string? Gateway) owner, Dictionary<string, (string Device, string? Gateway)> owners, IEnumerable<string> lines)
    {
        foreach (var line in lines.Distinct())
            if (!owners.TryAdd(line, owner))
                reader.Problems.Add(reader.Place(reader.Has("line") ? "line" : reader.Has("lines") ? "lines" : "exit_lines"),
                    $"line '{line}' is already counted by device '{owners[line].Device}' of gateway '{owners[line].Gateway}'",
                    "give each line exactly one device, so that nobody is counted twice");
    }

    private static Dictionary<string, string> Channels(YamlReader reader, SiteTable lines)
    {
        var single = reader.Text("line");
        if (single is not null)
            lines.Demand(reader, "line", single);
        var many = LinesByChannel(reader, "lines", lines);
        if (reader.Has("line") && reader.Has("lines"))
            reader.Problems.Add(reader.Place("lines"), $"{reader.Subject} has both 'line' and 'lines'", "keep 'line' for a device with one line, 'lines' for one with several");
        else if (!reader.Has("line") && !reader.Has("lines") && !reader.Has("exit_lines"))
            reader.Problems.Add(reader.Mapping, $"{reader.Subject} counts no line", "add 'line: ln-01', or 'lines: {channel: ln-01, …}'");
        return single is null ? many : new Dictionary<string, string> { ["1"] = single };
    }

    private static Dictionary<string, string> LinesByChannel(YamlReader reader, string key, SiteTable lines)
    {
        var result = new Dictionary<string, string>();
        if (reader.Map(key, $"'{key}' of {reader.Subject}") is not { } map)
            return result;
        if (map.Mapping.Entries.Count == 0)
            map.Problems.Add(map.Mapping, $"{map.Subject} is empty", "write 'channel: line', as the device names its channels");
        foreach (var (channel, node) in map.Mapping.Entries)
        {
            if (channel.Text.Length == 0)
                map.Problems.Add(channel, $"a channel of {map.Subject} has no name", "write the channel as the device names it");
            if (map.TextOf(node, channel.Text) is not { } line)
                continue;
            lines.Demand(map, channel.Text, line);
            if (result.ContainsValue(line))
                map.Problems.Add(node, $"line '{line}' has two channels in {map.Subject}", "give each channel a line of its own");
            result[channel.Text] = line;
        }
        return result;
    }

    private static string? Id(YamlReader reader, string key, string example)
    {
        var id = reader.RequiredText(key, example);
        if (id is null || SiteId.IsValid(id))
            return id;
        reader.Problems.Add(reader.Place(key), $"'{key}' is '{id}'", $"use {SiteId.Rule}");
        return null;
    }

    internal static LocalName Name(YamlReader reader)
    {
        if (reader.Map("name", $"'name' of {reader.Subject}") is not { } name)
        {
            if (!reader.Has("name"))
                reader.Required("name", "{zh: 海港, en: Harbour}");
            return new LocalName("", "");
        }
        var read = new LocalName(name.RequiredText("zh", "海港") ?? "", name.RequiredText("en", "Harbour") ?? "");
        name.End();
        return read;
    }

    private static TimeZoneInfo? ZoneOfTime(YamlReader reader, string key, bool required = false)
    {
        var id = required ? reader.RequiredText(key, "Asia/Shanghai") : reader.Text(key);
        if (id is null)
            return null;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
            return zone;
        var near = Spelling.Nearest(id, TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id));
        reader.Problems.Add(reader.Place(key), $"'{key}' of {reader.Subject} is '{id}', which is no time zone known on this machine",
            near is null ? "write an IANA name such as Asia/Shanghai (and check that the package tzdata is installed)" : $"write '{near}' if that is what you meant");
        return null;
    }

    private static TimeOnly Reset(YamlReader reader)
    {
        if (reader.Text("occupancy_reset") is not { } written)
            return new TimeOnly(4, 0);
        if (TimeOnly.TryParseExact(written, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time;
        reader.Problems.Add(reader.Place("occupancy_reset"), $"'occupancy_reset' of {reader.Subject} is '{written}'", "write a local time as in \"04:00\"");
        return default;
    }

    private static DateTimeOffset? Since(YamlReader reader)
    {
        if (reader.RequiredText("since", "\"2026-01-01T00:00:00+08:00\"") is not { } written)
            return null;
        if (Instant(written) is { } since)
            return since;
        reader.Problems.Add(reader.Place("since"), $"'since' of {reader.Subject} is '{written}'", "write date, time and offset as in \"2026-01-01T00:00:00+08:00\"");
        return null;
    }

    private static DateTimeOffset? Instant(string text)
    {
        string[] forms = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'"];
        return text.Length is 20 or 25 && DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : null;
    }
}
