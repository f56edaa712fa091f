using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Cloud.Tests.Stores;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Embedded;

/// <summary>
/// A gateway does not know whether it writes to InfluxDB or to the embedded store: the same bodies get the same status
/// from both, and the same good lines are stored. (Not compared: InfluxDB 1.6 refuses a carriage return before the line
/// break, later ones and we take it; no gateway writes it.)
/// </summary>
public sealed class TheWriteEndpointAnswersAsInfluxDoes(InfluxFixture influx) : IClassFixture<InfluxFixture>
{
    private const string Good = "{m},district=harbour,line=ln-1 entries=5i,exits=0i,ambiguous=0i,unplaced_entries=0i,unplaced_exits=0i,received=1i,generation=1i,revision=1i,status=\"complete\" {t}";

    public static TheoryData<string, bool> Bodies => new()
    {
        // body, whether the good line of line 1 is stored
        { Good, true },
        { Good + "\n", true },
        { "\n\n  \n" + Good, true },
        { "# only a comment", false },
        { "", false },
        { "# a comment\n" + Good + "\n# another", true },
        { Good + "\nfootfall_1m,district=harbour,line=ln-2 entries=", true },
        { Good + "\nfootfall_1m,district=harbour,line=ln-2", true },
        { Good + "\nfootfall_1m,district=harbour,line= entries=1i {t}", true },
        { Good + "\nfootfall_1m,district=harbour,line=ln-2 entries=1i,status=\"open {t}", true },
        { Good + "\nfootfall_1m,district=harbour,line=ln-2 entries=12x {t}", true },
        { Good + "\nfootfall_1m,district=harbour,line=ln-2 entries=1i notatime", true },
        { "not line protocol at all", false },
        { Good + "\n" + Good.Replace("ln-1", "ln-2", StringComparison.Ordinal).Replace("entries=5i", "entries=5.5", StringComparison.Ordinal), true },
        { "footfall_1m,line=ln-1,district=harbour" + Good[(Good.IndexOf(' ', StringComparison.Ordinal))..], true },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task To_the_same_body(string body, bool stored)
    {
        var database = "c" + Guid.NewGuid().ToString("N");
        await influx.Server.CreateDatabaseAsync(database);
        await using var app = new CloudApp();
        var start = app.Now - 600;
        // The type of a field is settled in InfluxDB by its first point; in the embedded store by the contract.
        await influx.Server.WriteAsync(Line(Good, start - 60), database);
        body = Line(body, start);

        var (theirs, reason) = await influx.Server.WriteAsync(body, database);
        using var ours = await app.Gateway().PostToAsync("/api/v2/write?org=o&bucket=b&precision=s", Lines.Body(body));

        Assert.True(theirs == ours.StatusCode, $"InfluxDB {(int)theirs} {reason}; ours {(int)ours.StatusCode} {await ours.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        var rows = await influx.Server.RowsAsync($"SELECT entries FROM footfall_1m WHERE line = 'ln-1' AND time = {start}s", database);
        var series = (await app.Operator().JsonAsync($"/api/v1/footfall/lines?from={Answers.At(start)}&to={Answers.At(start + 60)}&bucket=1m")).GetProperty("lines")[0];
        Assert.Equal(stored, rows.Count == 1);
        Assert.Equal(stored ? "[5]" : "[null]", series.GetProperty("entries").GetRawText());
    }

    private static string Line(string body, long start) => body
        .Replace("{m}", Resolution.Minute.FootfallMeasurement(), StringComparison.Ordinal)
        .Replace("{t}", start.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
