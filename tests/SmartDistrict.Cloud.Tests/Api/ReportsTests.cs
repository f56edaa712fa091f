using System.Net;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class ReportsOverTheApi(SharedCloud shared) : IClassFixture<SharedCloud>
{
    [Theory]
    [InlineData("reports?period=2026-02-30", "period-invalid")]
    [InlineData("reports?period=day&area=moon", "area-unknown")]
    [InlineData("reports/file?period=day", "invalid")]
    [InlineData("reports/file?period=day&format=docx", "invalid")]
    [InlineData("reports/file?period=day&format=pdf&language=fr", "invalid")]
    [InlineData("reports/file?period=day&format=csv&table=zones", "invalid")]
    [InlineData("reports/file?period=2027&format=pdf", "range-in-future")]
    [InlineData("exports/lines?period=never", "period-invalid")]
    [InlineData("exports/lines?period=day&bucket=1m", "invalid")]
    public async Task Refuse_a_question_that_cannot_be_answered(string path, string code)
    {
        using var response = await shared.App.Operator().GetFromAsync($"/api/v1/{path}");
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("csv", "text/csv", "harbour-2026-03-01-areas.csv")]
    [InlineData("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "harbour-2026-03-01.xlsx")]
    [InlineData("pdf", "application/pdf", "harbour-2026-03-01.pdf")]
    public async Task Are_files_with_a_name(string format, string type, string name)
    {
        using var response = await shared.App.Operator().GetFromAsync($"/api/v1/reports/file?period=2026-03-01&format={format}");
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal(name, response.Content.Headers.ContentDisposition!.FileName);
    }

    [Fact]
    public async Task Export_packed_to_who_can_unpack()
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/exports/lines?period=day", UriKind.Relative));
        question.Headers.AcceptEncoding.Add(new("gzip"));
        using var response = await shared.App.Operator().SendAsync(question, TestContext.Current.CancellationToken);
        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
    }

    [Fact]
    public async Task Export_every_window_with_its_worth_and_no_small_count()
    {
        await using var app = new CloudApp();
        var morning = app.Now - (app.Now % 3600) - (4 * 3600);
        using var written = await app.Gateway().PostToAsync("/api/v2/write?org=o&bucket=b&precision=s", Lines.Body(
            Lines.Window("ln-1", Resolution.Hour, morning, 70, 20, expected: 60, received: 60, revision: 11),
            Lines.Window("ln-1", Resolution.Hour, morning + 3600, 40, 3, expected: 60, received: 45, status: WindowStatus.Partial, revision: 12),
            Lines.Window("ln-1", Resolution.Hour, morning + 7200, 30, 30, expected: 60, received: 60, revision: 13)));
        Assert.Equal(HttpStatusCode.NoContent, written.StatusCode);
        var file = await app.Operator().GetStringAsync("/api/v1/exports/lines?period=day", TestContext.Current.CancellationToken);
        var rows = file.TrimStart('\uFEFF').TrimEnd().Split("\r\n").Where(row => row.StartsWith("line,", StringComparison.Ordinal) || row.StartsWith("ln-1,", StringComparison.Ordinal)).ToArray();
        Assert.Equal("line,from_zone,to_zone,start,start_unix,seconds,status,withheld,entries,exits,ambiguous,unplaced_entries,unplaced_exits,"
            + "factor_entries,factor_exits,expected,received,completeness,generation,revision", rows[0]);
        Assert.Equal(
            [
                $"ln-1,outside,plaza,2026-03-02T12:00:00+08:00,{morning},3600,complete,0,70,20,0,0,0,1,1,60,60,1,1,11",
                $"ln-1,outside,plaza,2026-03-02T13:00:00+08:00,{morning + 3600},3600,partial,1,,,,,,1,1,,,0.75,1,12",
                $"ln-1,outside,plaza,2026-03-02T14:00:00+08:00,{morning + 7200},3600,complete,1,,,,,,1,1,,,1,1,13",
            ],
            rows.Where(row => row.EndsWith(",1,11", StringComparison.Ordinal) || row.EndsWith(",1,12", StringComparison.Ordinal) || row.EndsWith(",1,13", StringComparison.Ordinal)));
        Assert.Contains($"ln-1,outside,plaza,2026-03-02T04:00:00+08:00,{morning - (8 * 3600)},3600,none,0,,,,,,,,,0,,,", rows);
    }
}
