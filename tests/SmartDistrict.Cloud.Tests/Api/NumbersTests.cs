using System.Net;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class NumbersOverTheApi(SharedCloud shared) : IClassFixture<SharedCloud>
{
    [Theory]
    [InlineData("numbers", "", "invalid")]
    [InlineData("numbers", "period=2026-02-30", "period-invalid")]
    [InlineData("numbers", "period=2026-W54", "period-invalid")]
    [InlineData("numbers", "period=3", "period-invalid")]
    [InlineData("numbers", "period=2026-03-04", "range-in-future")]
    [InlineData("numbers/over-time", "period=yesterday", "period-invalid")]
    [InlineData("numbers/over-time", "period=2026-03-01&area=moon", "area-unknown")]
    public async Task Refuse_a_question_that_cannot_be_answered(string what, string query, string code)
    {
        using var response = await shared.App.Operator().GetFromAsync($"/api/v1/{what}?{query}");
        await response.ProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Tell_what_was_written_and_until_when_it_may_change()
    {
        await using var app = new CloudApp();
        var quarter = app.Now - 1800;
        using var written = await app.Gateway().PostToAsync("/api/v2/write?org=o&bucket=b&precision=s", Lines.Body(
            Lines.Window("ln-1", Resolution.QuarterHour, quarter, entries: 70, exits: 20, revision: 11)));
        Assert.Equal(HttpStatusCode.NoContent, written.StatusCode);
        var answer = await app.Operator().JsonAsync("/api/v1/numbers?period=day");
        Assert.Equal("2026-03-02", answer.GetProperty("period").GetProperty("name").GetString());
        Assert.Equal(("2026-03-01", null), (answer.GetProperty("previous").GetString(), answer.GetProperty("next").GetString()));
        Assert.Equal("entries-per-passer-by", answer.GetProperty("captureRateDefinition").GetString());
        Assert.Equal(answer.GetProperty("period").GetProperty("to").GetInt64() + (7 * 86_400), answer.GetProperty("period").GetProperty("provisionalUntil").GetInt64());
        var district = answer.GetProperty("areas")[0];
        Assert.Equal("district", district.GetProperty("id").GetString());
        Assert.Equal("""{"value":70,"status":"partial","cause":null}""", district.GetProperty("figures").GetProperty("visits").GetRawText());

        var hours = await app.Operator().JsonAsync("/api/v1/numbers/over-time?period=2026-03-02&area=plaza");
        Assert.Equal(24, hours.GetProperty("steps").GetArrayLength());
        Assert.Equal(70, hours.GetProperty("steps")[11].GetProperty("figures").GetProperty("visits").GetProperty("value").GetInt32());
    }
}
