using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmartDistrict.Configuration;
using SmartDistrict.EndToEnd.Tests.Console;
using SmartDistrict.EndToEnd.Tests.Parts;
using SmartDistrict.EndToEnd.Tests.Truth;
using SmartDistrict.Sqlite;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation;
using SmartDistrict.Testing.Simulation.Faults;

namespace SmartDistrict.EndToEnd.Tests;

/// <summary>
/// The whole way of the data on real parts: 200,000 messages of the harbour's devices with their usual and unusual faults,
/// a gateway that is killed five times, an InfluxDB that is away for 20 s. At the end every number is where it should be.
/// </summary>
public sealed class WholeWayTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_120;
    private const long Messages = 200_000;
    private const int Kills = 5;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan OldestAnswer = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Past = TimeSpan.FromHours(2);
    private static readonly FaultRates Faults = FaultRates.Usual with { Duplicates = 0.02, Late = 0.01, Garbage = 0.001 };
    private static readonly string[] Resolutions = ["footfall_1m", "footfall_15m", "footfall_1h"];
    private static readonly TimeProvider Clock = TimeProvider.System;

    /// <summary>A broken message like no other, sent last: when it lies in the dead letters, everything before it was folded.</summary>
    private const string LastWord = "the last word";

    private readonly long begun = Clock.GetTimestamp();

    [Fact]
    public async Task What_was_acknowledged_is_in_InfluxDB_and_on_the_map_whatever_happens_on_the_way()
    {
        using var folder = new TemporaryFolder();
        await using var influx = await InfluxServer.StartNewAsync();
        // our own configuration; only that here a second's messages are those of hours, so what may wait has no bound
        await using var broker = await MosquittoBroker.StartNewAsync(new()
        {
            Persistence = true,
            Lines = [.. MosquittoOptions.ShippedLines.Where(line => !line.StartsWith("max_queued_", StringComparison.Ordinal)), "max_queued_messages 0", "max_queued_bytes 0"],
        });
        await using var cloud = await CloudProcess.StartAsync(folder, broker.Port, influx);
        await using var gateway = new GatewayProcess(folder, broker.Port, new JsonObject { ["Url"] = influx.Url.ToString(), ["Api"] = "v1", ["Database"] = influx.Database });
        gateway.Start();
        await gateway.SaysAsync("the gateway did not come up", word => word.Text("state") == "ok");
        Tell("the parts run");

        var district = Harbour();
        await using var session = SimulateCommand.Session("127.0.0.1", broker.Port);
        session.Start();
        var truth = new ZoneTruth(district);
        var broken = new List<Publication>();
        var reached = 0L;
        using var feed = new DistrictFeed(district, session, Clock)
        {
            OnPublishing = publication =>
            {
                truth.Hear(publication);
                Interlocked.Exchange(ref reached, publication.Due);
                if (publication.Garbage is not null)
                    broken.Add(publication);
            },
        };
        using var enough = new CancellationTokenSource();
        var feeding = feed.RunAsync(long.MaxValue, Waiting.Patience, enough.Token);
        var away = Task.CompletedTask;
        var random = Chance.For(Seed, "kills");
        foreach (var (kill, moment) in Enumerable.Range(1, Kills).Select(kill => (kill, (kill - 1 + random.NextDouble()) * Messages / Kills)).ToList())
        {
            var word = await gateway.SaysAsync($"kill {kill} at {moment:0} never came", word => word.Number("journaled") >= moment * 0.95);
            await gateway.KillAsync();
            Tell($"kill {kill} at {word.Number("journaled")} journaled, {word.Number("backlog")} waiting for InfluxDB; {feed.Acknowledged} published");
            gateway.Start();
            if (kill == 2)
                away = StopForAWhileAsync(influx);
        }
        await away;
        await Waiting.UntilAsync(
            () => Task.FromResult(feed.Published >= Messages && Clock.GetUtcNow().ToUnixTimeMilliseconds() - Interlocked.Read(ref reached) < 1000 ? feed : null),
            () => $"only {feed.Published} messages were published, or the present was not reached");
        await enough.CancelAsync();
        Assert.True(await feeding, "the broker did not acknowledge every message");
        await session.PublishAsync(new MqttMessage("sd/v1/harbour/counter/node-01/reading", System.Text.Encoding.UTF8.GetBytes(LastWord)), TestContext.Current.CancellationToken);
        Assert.Equal(feed.Published, feed.Acknowledged);
        Tell($"{feed.Published} messages are published");

        await Waiting.UntilAsync(() => Task.FromResult(Letters(gateway).Exists(letter => letter.Content == LastWord) ? feed : null), () => "the last message never reached the dead letters");
        var settled = await gateway.SaysAsync("not everything is stored", Settled);
        Tell($"the gateway has settled: {settled.Number("journaled")} journaled, {settled.Number("duplicates")} were duplicates, {settled.Number("dead_letters")} dead letters, {settled.Number("windows")} windows");
        // the windows of the running hour are open; an end in order publishes them too
        await gateway.StopAsync();
        gateway.Start();
        var end = await gateway.SaysAsync("the gateway does not come up again", Settled);

        await TheStoreHoldsTheTruth(influx, district.District, feed.Ledger.Expected());
        TheDeadLettersHoldWhatWasBroken(gateway, end, broken, redelivered: end.Number("journaled") - feed.Acknowledged - 1);
        Assert.Equal(0, end.Number("lost"));
        await TheMapShowsIt(cloud, district, truth, feed.Ledger.Expected());
        Tell("the map shows it");
        await gateway.StopAsync();
    }

    private static bool Settled(GatewayWord word) => word.Text("state") == "ok" && word.Number("unfolded") == 0 && word.Number("backlog") == 0;

    private static SimulatedDistrict Harbour() => SimulatedDistrict.Walked(
        DistrictFile.Load(RepositoryFiles.Path("firmware-config", "districts", "harbour.yaml")),
        new SimulationOptions
        {
            Start = Clock.GetUtcNow() - Past,
            Seed = Seed,
            // two days' ebb and flow within the past: as many people come whatever the hour of this test
            Speed = 24,
            PeakPerMinute = 440,
            Faults = Faults,
        });

    private async Task StopForAWhileAsync(InfluxServer influx)
    {
        await influx.StopAsync();
        Tell("InfluxDB is away");
        await Task.Delay(Outage, Clock);
        await influx.StartAsync();
        Tell("InfluxDB is back");
    }

    /// <summary>Line by line and for each length of window, and nothing of any other line.</summary>
    private async Task TheStoreHoldsTheTruth(InfluxServer influx, District district, IReadOnlyDictionary<string, LineSums> expected)
    {
        Assert.True(expected.Count > 70, $"only {expected.Count} lines count");
        var numbered = district.Devices.Where(device => device.Profile == "native").SelectMany(device => device.Lines.Values).ToHashSet();
        foreach (var measurement in Resolutions)
        {
            var rows = await influx.RowsAsync(
                $"SELECT sum(entries) AS e, sum(unplaced_entries) AS ue, sum(exits) AS x, sum(unplaced_exits) AS ux FROM {measurement} WHERE status <> 'void' GROUP BY line");
            var stored = rows.ToDictionary(
                row => row["line"].GetString()!,
                row => new LineSums(row["e"].GetInt64() + row["ue"].GetInt64(), row["x"].GetInt64() + row["ux"].GetInt64()));
            var wrong = expected.Where(line => stored.GetValueOrDefault(line.Key) != line.Value)
                .Select(line => $"{line.Key}: {stored.GetValueOrDefault(line.Key)} instead of {line.Value}")
                .Concat(stored.Keys.Except(expected.Keys).Select(line => $"{line}: {stored[line]} instead of nothing"))
                .ToList();
            Assert.True(wrong.Count == 0, $"{measurement}: {string.Join("; ", wrong)}");
            // of the devices that number their readings none is missing: late ones have filled each gap. Of those that report
            // each minute the first and the last window were not heard from end to end
            var readings = (await influx.RowsAsync($"SELECT sum(expected) AS expected, sum(received) AS received FROM {measurement} WHERE expected >= 0 GROUP BY line"))
                .ToDictionary(row => row["line"].GetString()!, row => (Expected: row["expected"].GetInt64(), Received: row["received"].GetInt64()));
            Assert.True(numbered.IsSubsetOf(readings.Keys), $"{measurement}: {string.Join(", ", numbered.Except(readings.Keys))} do not know how many readings to expect");
            var missing = readings.Where(line => numbered.Contains(line.Key) ? line.Value.Expected != line.Value.Received : line.Value.Expected < line.Value.Received).ToList();
            Assert.True(missing.Count == 0, $"{measurement}: {string.Join("; ", missing)}");
            Tell($"{measurement}: {rows.Count} lines, {stored.Values.Sum(line => line.Entries + line.Exits)} people, {readings.Values.Sum(line => line.Received)} of {readings.Values.Sum(line => line.Expected)} expected readings");
        }
    }

    /// <summary>Each broken message, with a reason and a mend. What a kill made the broker deliver again may lie there twice.</summary>
    private static void TheDeadLettersHoldWhatWasBroken(GatewayProcess gateway, GatewayWord end, List<Publication> broken, long redelivered)
    {
        var letters = Letters(gateway);
        Assert.True(broken.Count > Messages / 2000, $"only {broken.Count} broken messages");
        Assert.Equal(letters.Count, end.Number("dead_letters"));
        Assert.InRange(letters.Count, broken.Count + 1, broken.Count + 1 + redelivered);
        Assert.All(letters, letter =>
        {
            Assert.NotEmpty(letter.Reason);
            Assert.NotEmpty(letter.Mend);
        });
        var found = letters.ToLookup(letter => (letter.Subject, letter.Size, letter.Content));
        Assert.All(broken.GroupBy(message => (message.Topic, (long)message.Payload.Length, Text(message.Payload.Span))),
            message => Assert.True(found[message.Key].Count() >= message.Count(), $"{message.First().Garbage} on {message.Key.Topic} is not there {message.Count()} times"));
    }

    private static List<(string Subject, string Reason, string Mend, string Content, long Size)> Letters(GatewayProcess gateway)
    {
        using var state = SqliteStore.OpenToRead(gateway.DataFile("state.db"));
        using var rows = new Statement(state, "SELECT subject, reason, mend, content, size FROM dead_letters");
        var letters = new List<(string, string, string, string, long)>();
        while (rows.Step())
            letters.Add((rows.Text(0), rows.Text(1), rows.Text(2), Text(rows.Bytes(3)), rows.Number(4)));
        return letters;
    }

    /// <summary>Of a message as much as a dead letter keeps; what is no text, byte by byte.</summary>
    private static string Text(ReadOnlySpan<byte> content) => System.Text.Encoding.Latin1.GetString(content[..Math.Min(content.Length, 4096)]);

    private async Task TheMapShowsIt(CloudProcess cloud, SimulatedDistrict district, ZoneTruth truth, IReadOnlyDictionary<string, LineSums> lines)
    {
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        var from = (now - (long)Past.TotalSeconds - 600) / 900 * 900;
        var quarter = (now - 3600) / 900 * 900;
        await cloud.SignInAsync();
        var zones = await OnceTheStoreWasLookedAtAsync(
            async () => await cloud.Client.GetStringAsync(new Uri($"api/v1/footfall/zones?bucket=15m&from={Iso(from)}&to={Iso(now)}", UriKind.Relative), TestContext.Current.CancellationToken),
            zones => zones.Values.All(zone => truth.Of(zone.Zone, lines) == zone.Total));

        Assert.Equal(district.District.Zones.Count, zones.Count);
        foreach (var zone in zones.Values)
            Assert.Equal(truth.Of(zone.Zone, lines), zone.Total);
        var placed = truth.PlacedZones;
        Assert.True(placed.Count >= 10, $"only {placed.Count} zones have nothing but lines that place people");
        var busy = placed.OrderByDescending(zone => zones[zone.Id].At(quarter)!.Entries).ToList();
        foreach (var zone in busy)
        {
            var (entries, exits) = truth.Of(zone.Id, quarter);
            Assert.Equal((zone.Id, new ZoneBucket(entries, exits, truth.Occupancy(zone.Id, from, quarter))), (zone.Id, zones[zone.Id].At(quarter)));
        }
        Assert.True(zones[busy[0].Id].At(quarter)!.Entries > 0);
        Tell($"the API agrees on {zones.Count} zones, and by quarter hour on {placed.Count}");

        await using var browser = await ConsoleBrowser.StartAsync();
        foreach (var language in (string[])["zh", "en"])
        {
            await using var desktop = await browser.OpenAsync(cloud, language, 1440, 900);
            string Name(Zone zone) => language == "zh" ? zone.Name.Zh : zone.Name.En;
            await desktop.SignInAsync($"/?t={Minute(quarter)}");
            var names = district.District.Zones.ToDictionary(Name);
            var rows = await Waiting.UntilAsync(
                async () => await desktop.RowsAsync() is { Count: > 8 } read && read.TrueForAll(row => row.Entries.Length > 0) ? read : null, () => "the zone list stays empty");
            Assert.All(rows, row =>
            {
                var there = zones[names[row.Name].Id].At(quarter)!;
                Assert.Equal((Shown(there.Entries), Shown(there.Occupancy)), (row.Entries, row.Occupancy));
            });
            await ColouredAsync(desktop);
            await desktop.SaveAsync("replay");
            foreach (var zone in (Zone[])[busy[0], busy[busy.Count / 2], busy[^1]])
            {
                var there = zones[zone.Id].At(quarter)!;
                var expected = new ShownZone(Name(zone), Shown(there.Entries), Shown(there.Exits), Shown(there.Occupancy));
                await desktop.GoAsync($"/?t={Minute(quarter)}&zone={zone.Id}");
                Assert.Equal(expected, await desktop.ZoneAsync(expected));
            }
            await desktop.SaveAsync("zone");
            await desktop.GoAsync("/?");
            await LiveAgreesAsync(cloud, desktop, district, Name);
            await desktop.SaveAsync("live");
            Assert.Empty(desktop.Faults);

            await using var phone = await browser.OpenAsync(cloud, language, 390, 844);
            await phone.SignInAsync($"/?t={Minute(quarter)}");
            await ColouredAsync(phone);
            await phone.SaveAsync("replay");
            await phone.GoAsync($"/?t={Minute(quarter)}&zone={busy[0].Id}");
            var top = zones[busy[0].Id].At(quarter)!;
            var onPhone = new ShownZone(Name(busy[0]), Shown(top.Entries), Shown(top.Exits), Shown(top.Occupancy));
            Assert.Equal(onPhone, await phone.ZoneAsync(onPhone));
            await phone.SaveAsync("zone");
            Assert.Empty(phone.Faults);
            Tell($"the console agrees in {language}");
        }
    }

    /// <summary>An answer is at most as old as docs/heatmap.md says, or says itself that it is older: what it is after that is what it is.</summary>
    private async Task<Dictionary<string, ZoneSeries>> OnceTheStoreWasLookedAtAsync(Func<Task<string>> askAsync, Func<Dictionary<string, ZoneSeries>, bool> isTrue)
    {
        for (var asked = Clock.GetTimestamp(); ;)
        {
            var (age, answer) = (Clock.GetElapsedTime(asked), await askAsync());
            var zones = ZoneSeries.Parse(answer);
            using var document = JsonDocument.Parse(answer);
            var stale = document.RootElement.GetProperty("stale").ValueKind != JsonValueKind.Null;
            if (isTrue(zones) || age > (stale ? Waiting.Patience : OldestAnswer))
            {
                Tell(string.Create(CultureInfo.InvariantCulture, $"the API answers what the store holds after {age.TotalSeconds:0.0} s"));
                return zones;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), Clock, TestContext.Current.CancellationToken);
        }
    }

    private static Task ColouredAsync(ConsoleWindow window) =>
        Waiting.UntilAsync(async () => await window.ColouredAsync() > 0.05 ? window : null, () => "the map stays grey");

    /// <summary>The running minute goes on while we look, so both sides are read until they are of the same moment.</summary>
    private static async Task LiveAgreesAsync(CloudProcess cloud, ConsoleWindow window, SimulatedDistrict district, Func<Zone, string> name)
    {
        var names = district.District.Zones.ToDictionary(name, zone => zone.Id);
        var last = "";
        await Waiting.UntilAsync(async () =>
        {
            var live = await LiveAsync(cloud);
            var rows = await window.RowsAsync();
            // of a zone without data the list says so in words
            (string, string) Expected(string name) => live[names[name]] is { Entries: not null } zone ? (Shown(zone.Entries), Shown(zone.Occupancy)) : ("", "");
            var wrong = rows.Where(row => Expected(row.Name) != (row.Entries, row.Occupancy)).ToList();
            last = $"{rows.Count} rows, wrong: {string.Join("; ", wrong.Select(row => $"{row} instead of {Expected(row.Name)}"))}";
            return rows.Count > 8 && wrong.Count == 0 ? rows : null;
        }, () => last);
    }

    /// <summary>The first event of the live stream: people of the last 15 minutes, those without a minute included, and in the zone now.</summary>
    private static async Task<Dictionary<string, (long? Entries, long? Occupancy)>> LiveAsync(CloudProcess cloud)
    {
        using var reader = new StreamReader(await cloud.Client.GetStreamAsync(new Uri("api/v1/live", UriKind.Relative), TestContext.Current.CancellationToken));
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            if (line.StartsWith("data:", StringComparison.Ordinal))
                return JsonDocument.Parse(line[5..]).RootElement.GetProperty("zones").EnumerateArray().ToDictionary(
                    zone => zone.GetProperty("zone").GetString()!, zone => (ZoneSeries.Number(zone, "last15Entries") + ZoneSeries.Number(zone, "last15UnplacedEntries"), ZoneSeries.Number(zone, "occupancy")));
        throw new UnreachableException("the live stream ended without a word");
    }

    private void Tell(string what) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Clock.GetElapsedTime(begun).TotalSeconds,6:0.0} s  {what}"));

    /// <summary>A number as the console writes it, in both languages.</summary>
    private static string Shown(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "—";

    private static string Iso(long at) => DateTimeOffset.FromUnixTimeSeconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Minute(long at) => DateTimeOffset.FromUnixTimeSeconds(at).ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
}
