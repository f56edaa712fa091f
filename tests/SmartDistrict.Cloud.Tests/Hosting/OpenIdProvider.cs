using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace SmartDistrict.Cloud.Tests.Hosting;

/// <summary>A provider of OpenID Connect on this machine: it knows one client, and lets everybody in as whom the test says.</summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    public const string Client = "smartdistrict";
    public const string Secret = "a secret with : and %";

    private readonly WebApplication app;
    private readonly Dictionary<string, (string Nonce, string Challenge, string Redirect)> codes = [];
    private readonly TimeProvider clock;

    private OpenIdProvider(WebApplication app, TimeProvider clock)
    {
        this.app = app;
        this.clock = clock;
    }

    public string Issuer => app.Urls.Single();

    /// <summary>What the ID token says beside what this sign-in needs.</summary>
    public JsonObject Claims { get; set; } = new() { ["sub"] = "248289761001", ["preferred_username"] = "mei", ["name"] = "梅 Mei", ["roles"] = new JsonArray("operator") };

    /// <summary>What a test makes wrong of the ID token before it is sent.</summary>
    public Action<JsonObject> Spoil { get; set; } = _ => { };

    /// <summary>How the client may show its secret; null says nothing of it, which means in the header.</summary>
    public string[]? Ways { get; set; }

    /// <summary>Answers instead of the description of itself, where set.</summary>
    public int? Broken { get; set; }

    public static async Task<OpenIdProvider> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new OpenIdProvider(builder.Build(), clock);
        provider.app.MapGet("/.well-known/openid-configuration", provider.Describe);
        provider.app.MapGet("/authorize", provider.Authorize);
        provider.app.MapPost("/token", provider.TokenAsync);
        await provider.app.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    /// <summary>The service's settings.</summary>
    public Dictionary<string, string> Settings(string secretFile)
    {
        File.WriteAllText(secretFile, Secret + "\n");
        return new()
        {
            ["Cloud:OpenId:Issuer"] = Issuer,
            ["Cloud:OpenId:ClientId"] = Client,
            ["Cloud:OpenId:ClientSecretFile"] = secretFile,
            ["Cloud:OpenId:Name"] = "City ID",
        };
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private IResult Describe()
    {
        if (Broken is { } status)
            return Results.StatusCode(status);
        var told = new JsonObject { ["issuer"] = Issuer, ["authorization_endpoint"] = Issuer + "/authorize", ["token_endpoint"] = Issuer + "/token" };
        if (Ways is not null)
            told["token_endpoint_auth_methods_supported"] = new JsonArray([.. Ways.Select(way => JsonValue.Create(way))]);
        return Results.Text(told.ToJsonString(), "application/json");
    }

    private IResult Authorize(HttpRequest request)
    {
        string Asked(string name) => request.Query[name].ToString();
        if (Asked("client_id") != Client || Asked("response_type") != "code" || !Asked("scope").Split(' ').Contains("openid") || Asked("code_challenge_method") != "S256" || Asked("nonce").Length < 16)
            return Results.BadRequest();
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        codes[code] = (Asked("nonce"), Asked("code_challenge"), Asked("redirect_uri"));
        return Results.Redirect(QueryHelpers.AddQueryString(Asked("redirect_uri"), new Dictionary<string, string?> { ["code"] = code, ["state"] = Asked("state") }));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var header = request.Headers.Authorization.ToString();
        var basic = Ways?.Contains("client_secret_basic") != false;
        var shown = basic
            ? Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..])) == $"{Client}:{Uri.EscapeDataString(Secret)}"
            : form["client_id"] == Client && form["client_secret"] == Secret && header.Length == 0;
        if (!shown)
            return Results.StatusCode((int)HttpStatusCode.Unauthorized);
        if (!codes.Remove(form["code"].ToString(), out var begun) || form["redirect_uri"] != begun.Redirect
            || WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != begun.Challenge)
            return Results.BadRequest();
        var claims = Claims.DeepClone().AsObject();
        (claims["iss"], claims["aud"], claims["nonce"], claims["exp"]) = (Issuer, Client, begun.Nonce, clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds());
        Spoil(claims);
        var token = $"{Part(new JsonObject { ["alg"] = "RS256" })}.{Part(claims)}.c2lnbmF0dXJl";
        return Results.Json(new { access_token = "opaque", token_type = "Bearer", id_token = token });
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
