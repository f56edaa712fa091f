using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Tests.Api;

public sealed class SalesOverTheApi(SharedCloud shared) : IClassFixture<SharedCloud>
{
    [Fact]
    public async Task Are_replaced_by_who_tells_them_again_and_withdrawn_by_null()
    {
        await using var app = new CloudApp();
        var start = app.Now - (app.Now % 900) - 7200;
        using var written = await app.Gateway().PostToAsync("/api/v2/write?org=o&bucket=b&precision=s", Lines.Body(Lines.Window("ln-1", Resolution.QuarterHour, start, 100, 20)));
        Assert.Equal(HttpStatusCode.NoContent, written.StatusCode);
        var client = app.Operator();

        await TellAsync(30);
        Assert.Equal(30, await TransactionsAsync());
        await TellAsync(25);
        await TellAsync(25);
        Assert.Equal(25, await TransactionsAsync());
        await TellAsync(null);
        Assert.Null(await TransactionsAsync());

        async Task TellAsync(int? transactions)
        {
            using var answer = await client.PostAsJsonAsync("/api/v1/sales", new { sales = new[] { new { zone = "plaza", start, transactions } } }, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        async Task<double?> TransactionsAsync()
        {
            var numbers = await client.GetFromJsonAsync<JsonElement>("/api/v1/numbers?period=day", TestContext.Current.CancellationToken);
            var figure = numbers.GetProperty("areas").EnumerateArray().Single(area => area.GetProperty("id").GetString() == "plaza").GetProperty("figures").GetProperty("transactions");
            return figure.GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
        }
    }

    [Theory]
    [InlineData("""{}""", "invalid")]
    [InlineData("""{"sales": []}""", "invalid")]
    [InlineData("""{"sales": [{"start": 1772438400, "transactions": 1}]}""", "invalid")]
    [InlineData("""{"sales": [{"zone": "plaza", "start": 1772438400, "transactions": -1}]}""", "invalid")]
    [InlineData("""{"sales": [{"zone": "moon", "start": 1772438400, "transactions": 1}]}""", "zone-unknown")]
    [InlineData("""{"sales": [{"zone": "plaza", "start": 1772438401, "transactions": 1}]}""", "start-invalid")]
    [InlineData("""{"sales": [{"zone": "plaza", "start": 4102444800, "transactions": 1}]}""", "range-in-future")]
    public async Task Are_refused_where_they_cannot_be(string body, string code)
    {
        var app = shared.App;
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await app.Operator().PostAsync(new Uri("/api/v1/sales", UriKind.Relative), content, TestContext.Current.CancellationToken);
        await answer.ProblemAsync(HttpStatusCode.BadRequest, code);
    }
}
