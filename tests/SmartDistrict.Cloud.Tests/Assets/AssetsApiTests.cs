using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Assets;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Cloud.Tests.Live;

namespace SmartDistrict.Cloud.Tests.Assets;

public sealed class LockersKiosksAndCarts(SharedAssets shared) : IClassFixture<SharedAssets>
{
    [Fact]
    public async Task Are_shown_as_their_gateways_wrote_them()
    {
        await using var app = new CloudApp(TestDistrict.WithAssets);
        await WriteAsync(app,
            $"locker,compartment=2,district=harbour,locker=lk-1 state=\"forced\",door_open=t,since={(app.Now - 30) * 1000}i {app.Now - 20}",
            $"locker,compartment=3,district=harbour,locker=lk-1 state=\"free\" {app.Now - 40}",
            $"kiosk,district=harbour,kiosk=ks-1 heartbeat=t,paper=\"low\" {app.Now - 12}",
            $"cart_pose,cart=cart-1,district=harbour connection=\"online\",x=121.495,y=31.234,posed={(app.Now * 1000) - 700}i,battery=76,mode=\"automatic\",driving=t {app.Now}");
        var locker = await app.Viewer().JsonAsync("/api/v1/lockers/lk-1");
        Assert.Equal(
            $$"""{"id":"lk-1","name":{"zh":"北门智能柜","en":"North gate locker"},"gateway":"gw-1","at":[121.491,31.231],"level":0,"state":"forced","compartments":{"all":4,"free":1,"taken":0,"forced":1,"jammed":0,"closed":0,"unknown":2},"lastSeen":{{(app.Now - 20) * 1000}},"status":"partial"}""",
            locker.GetProperty("locker").GetRawText().Normalize());
        Assert.Equal($$"""{"number":2,"state":"forced","doorOpen":true,"since":{{(app.Now - 30) * 1000}}}""", locker.GetProperty("compartments")[1].GetRawText());
        Assert.Equal("""{"number":1,"state":"unknown","doorOpen":null,"since":null}""", locker.GetProperty("compartments")[0].GetRawText());
        var kiosk = (await app.Viewer().JsonAsync("/api/v1/kiosks")).GetProperty("kiosks")[0];
        Assert.Equal(("attention", "low", JsonValueKind.Null), (kiosk.GetProperty("state").GetString(), kiosk.GetProperty("paper").GetString(), kiosk.GetProperty("reader").ValueKind));
        var carts = (await app.Viewer().JsonAsync("/api/v1/carts")).GetProperty("carts");
        Assert.Equal(("driving", "complete", "[121.495,31.234]", 76), (
            carts[0].GetProperty("state").GetString(), carts[0].GetProperty("status").GetString(), carts[0].GetProperty("at").GetRawText(), carts[0].GetProperty("battery").GetDouble()));
        Assert.Equal(("unknown", "none", "null"), (carts[1].GetProperty("state").GetString(), carts[1].GetProperty("status").GetString(), carts[1].GetProperty("at").GetRawText()));
    }

    [Fact]
    public async Task Reach_the_live_stream_when_they_change_and_when_time_alone_changes_them()
    {
        await using var app = new CloudApp(TestDistrict.WithAssets);
        using var viewer = await EventStream.OpenAsync(app.Viewer());
        Assert.Equal("unknown", await KioskAsync(viewer));
        await WriteAsync(app, $"kiosk,district=harbour,kiosk=ks-1 heartbeat=t,paper=\"ok\" {app.Now}");
        Assert.Equal("ok", await KioskAsync(viewer));
        app.Clock.Advance(TimeSpan.FromSeconds(92));
        await ReadAsync(app);
        Assert.Equal("offline", await KioskAsync(viewer));
        using var late = await EventStream.OpenAsync(app.Viewer());
        Assert.Equal("offline", await KioskAsync(late));
    }

    [Fact]
    public async Task Are_told_to_a_viewer_whole_at_first_and_then_as_far_as_they_change()
    {
        await using var app = new CloudApp(TestDistrict.Yaml + "\ncarts:\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"  - {{id: cart-{i}, name: {{zh: {i} 号配送小车, en: Delivery cart {i}}}, gateway: gw-1}}\n")));
        await WriteAsync(app, [.. Enumerable.Range(0, 200).Select(i => Pose(i, app.Now))]);
        using var viewer = await EventStream.OpenAsync(app.Viewer());
        var whole = await viewer.EventAsync("carts", page => page.GetProperty("carts").GetArrayLength() == 200);
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await WriteAsync(app, [.. Enumerable.Range(40, 10).Select(i => Pose(i, app.Now))]);
        var changed = await viewer.EventAsync("carts", _ => true);
        Assert.Equal(Enumerable.Range(40, 10).Select(i => $"cart-{i}"), changed.GetProperty("carts").EnumerateArray().Select(cart => cart.GetProperty("id").GetString()));
        Assert.Equal((200, JsonValueKind.Null), (changed.GetProperty("total").GetInt32(), changed.GetProperty("next").ValueKind));
        Assert.InRange(changed.GetRawText().Length, 1, whole.GetRawText().Length / 15);

        using var late = await EventStream.OpenAsync(app.Viewer());
        var carts = (await late.EventAsync("carts", _ => true)).GetProperty("carts");
        Assert.Equal((200, app.Now, app.Now - 2), (carts.GetArrayLength(), LastSeen(carts[45]), LastSeen(carts[50])));

        static string Pose(int cart, long at) => FormattableString.Invariant(
            $"cart_pose,cart=cart-{cart},district=harbour connection=\"online\",mode=\"automatic\",driving=t,x={121.49 + (cart * 1e-5)},y=31.234,heading=90,speed=1.2,battery=76 {at}");

        static long LastSeen(JsonElement cart) => cart.GetProperty("lastSeen").GetInt64() / 1000;
    }

    [Fact]
    public async Task Come_a_page_at_a_time()
    {
        await using var app = new CloudApp(TestDistrict.WithAssets);
        var first = await app.Viewer().JsonAsync("/api/v1/lockers?limit=1");
        Assert.Equal(("lk-1", 2, "lk-1"), (first.GetProperty("lockers")[0].GetProperty("id").GetString(), first.GetProperty("total").GetInt32(), first.GetProperty("next").GetString()));
        var last = await app.Viewer().JsonAsync("/api/v1/lockers?limit=1&after=lk-1");
        Assert.Equal(("lk-2", JsonValueKind.Null), (last.GetProperty("lockers")[0].GetProperty("id").GetString(), last.GetProperty("next").ValueKind));
    }

    [Fact]
    public async Task The_way_of_a_cart_is_thinned_evenly_and_ends_where_the_cart_is()
    {
        await using var app = new CloudApp(TestDistrict.WithAssets);
        await WriteAsync(app, [.. Enumerable.Range(0, 1300).Select(i => FormattableString.Invariant(
            $"cart_pose,cart=cart-1,district=harbour connection=\"online\",x={121.49 + (i * 1e-6)},y=31.234 {app.Now - 1299 + i}"))]);
        var points = (await app.Viewer().JsonAsync("/api/v1/carts/cart-1/track?minutes=30")).GetProperty("points");
        Assert.Equal((434, (app.Now - 1299) * 1000, app.Now * 1000), (points.GetArrayLength(), points[0].GetProperty("at").GetInt64(), points[433].GetProperty("at").GetInt64()));
        Assert.Equal(301, (await app.Viewer().JsonAsync("/api/v1/carts/cart-1/track?minutes=10")).GetProperty("points").GetArrayLength());
        Assert.Equal(0, (await app.Viewer().JsonAsync("/api/v1/carts/cart-2/track")).GetProperty("points").GetArrayLength());
    }

    [Theory]
    [InlineData("/api/v1/carts/cart-1/track?minutes=61", HttpStatusCode.BadRequest, "invalid")]
    [InlineData("/api/v1/carts/cart-9/track", HttpStatusCode.NotFound, "cart-unknown")]
    [InlineData("/api/v1/lockers/lk-9", HttpStatusCode.NotFound, "locker-unknown")]
    public async Task Are_not_asked_for_in_vain(string path, HttpStatusCode status, string code)
    {
        var app = shared.App;
        using var response = await app.Viewer().GetFromAsync(path);
        await response.ProblemAsync(status, code);
    }

    [Theory]
    [InlineData("locker,compartment=1,district=harbour,locker=lk-1 state=\"ajar\"", "the field state is \"ajar\": write one of free, reserved")]
    [InlineData("locker,compartment=1,district=harbour,locker=lk-1 door_open=t", "the field state is missing")]
    [InlineData("locker,compartment=5,district=harbour,locker=lk-1 state=\"free\"", "has the compartments 1 to 4")]
    [InlineData("locker,compartment=01,district=harbour,locker=lk-1 state=\"free\"", "has the compartments 1 to 4")]
    [InlineData("locker,district=harbour,locker=lk-1 state=\"free\"", "the tag compartment is missing")]
    [InlineData("locker,compartment=1,district=harbour,locker=lk-7 state=\"free\"", "knows no locker lk-7")]
    [InlineData("locker,compartment=1,district=harbour,locker=lk-2 state=\"free\"", "belongs to gateway gw-2")]
    [InlineData("kiosk,district=elsewhere,kiosk=ks-1 heartbeat=t", "the tag district is not harbour")]
    [InlineData("kiosk,district=harbour,kiosk=ks-1 paper=2i", "the field paper is 2: write one of ok, low, out")]
    [InlineData("cart_pose,cart=cart-1,district=harbour connection=\"online\",x=121.4", "one of the fields x and y is missing")]
    [InlineData("cart_pose,cart=cart-1,district=harbour connection=\"online\",x=721.4,y=31.2", "a number from -180 to 180")]
    [InlineData("cart_pose,cart=cart-1,district=harbour x=121.4,y=31.2", "the field connection is missing")]
    [InlineData("cart_pose,cart=cart-1,district=harbour connection=\"online\",charging=1i", "the field charging is 1: write true or false")]
    public async Task Are_written_whole_and_by_their_own_gateway_or_not_at_all(string line, string reason)
    {
        var app = shared.App;
        using var response = await app.Gateway().PostToAsync("/api/v2/write?precision=s", Lines.Body($"{line} {app.Now}"));
        var forbidden = reason.StartsWith("belongs", StringComparison.Ordinal);
        var problem = await response.ProblemAsync(forbidden ? HttpStatusCode.Forbidden : HttpStatusCode.BadRequest, forbidden ? "not-this-gateway" : "lines-refused");
        Assert.Contains(reason, problem.GetProperty("lines")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private static async Task WriteAsync(CloudApp app, params string[] lines)
    {
        using var response = await app.Gateway().PostToAsync("/api/v2/write?precision=s", Lines.Body(string.Join('\n', lines)));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        await ReadAsync(app);
    }

    private static Task ReadAsync(CloudApp app) => app.Services.GetRequiredService<AssetWatch>().ReadAsync(TestContext.Current.CancellationToken);

    private static async Task<string?> KioskAsync(EventStream viewer)
    {
        while (true)
            if (await viewer.NextAsync() is ("kiosks", var data))
                return data.GetProperty("kiosks")[0].GetProperty("state").GetString();
    }
}
