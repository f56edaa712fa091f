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
    private int made;

    private OpenIdProvider(WebApplication app, TimeProvider clock)
    {
        this.app = app;
        this.clock = clock;
        Key = NewKey();
    }

    public string Issuer => app.Urls.Single();

    /// <summary>What the ID token says beside what this sign-in needs.</summary>
    public JsonObject Claims { get; set; } = new() { ["sub"] = "248289761001", ["preferred_username"] = "mei", ["name"] = "梅 Mei", ["roles"] = new JsonArray("operator") };

    /// <summary>What a test makes wrong of the ID token before it is sent.</summary>
    public Action<JsonObject> Spoil { get; set; } = _ => { };

    /// <summary>What it tells of the token's bearer, where it is asked.</summary>
    public JsonObject? UserInfo { get; set; }

    /// <summary>Its key: what it signs by, and what it publishes of it.</summary>
    public (RSA Private, JsonObject Published) Key { get; private set; }

    /// <summary>Sends this instead of the signed ID token, where set.</summary>
    public Func<JsonObject, string>? Forge { get; set; }

    /// <summary>How the client may show its secret; null says nothing of it, which means in the header.</summary>
    public string[]? Ways { get; set; }

    /// <summary>Answers instead of anything that the service asks, where set.</summary>
    public int? Broken { get; set; }

    /// <summary>How often its keys were fetched.</summary>
    public int KeysFetched { get; private set; }

    /// <summary>Whether people say no to what they are asked there.</summary>
    public bool Declines { get; set; }

    public static async Task<OpenIdProvider> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new OpenIdProvider(builder.Build(), clock);
        provider.app.MapGet("/.well-known/openid-configuration", provider.Describe);
        provider.app.MapGet("/authorize", provider.Authorize);
        provider.app.MapPost("/token", provider.TokenAsync);
        provider.app.MapGet("/keys", provider.Keys);
        provider.app.MapGet("/userinfo", (HttpRequest request) => request.Headers.Authorization == "Bearer opaque" ? Results.Text(provider.UserInfo!.ToJsonString(), "application/json") : Results.Unauthorized());
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

    /// <summary>Signs by a new key from now on, and publishes that alone.</summary>
    public void Rotate() => Key = NewKey();

    /// <summary>A token that says this, signed so.</summary>
    public static string Token(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Part(header)}.{Part(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private (RSA, JsonObject) NewKey()
    {
        var key = RSA.Create(2048);
        var half = key.ExportParameters(includePrivateParameters: false);
        return (key, new()
        {
            ["kty"] = "RSA", ["use"] = "sig", ["kid"] = $"key-{++made}",
            ["n"] = Base64Url.EncodeToString(half.Modulus), ["e"] = Base64Url.EncodeToString(half.Exponent),
        });
    }

    private IResult Keys()
    {
        KeysFetched++;
        // Others' keys may stand beside it.
        var other = new JsonObject { ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
        return Results.Text(new JsonObject { ["keys"] = new JsonArray(other, Key.Published.DeepClone()) }.ToJsonString(), "application/json");
    }

    private IResult Describe()
    {
        if (Broken is { } status)
            return Results.StatusCode(status);
        var told = new JsonObject { ["issuer"] = Issuer, ["authorization_endpoint"] = Issuer + "/authorize", ["token_endpoint"] = Issuer + "/token", ["jwks_uri"] = Issuer + "/keys" };
        if (UserInfo is not null)
            told["userinfo_endpoint"] = Issuer + "/userinfo";
        if (Ways is not null)
            told["token_endpoint_auth_methods_supported"] = new JsonArray([.. Ways.Select(way => JsonValue.Create(way))]);
        return Results.Text(told.ToJsonString(), "application/json");
    }

    private IResult Authorize(HttpRequest request)
    {
        string Asked(string name) => request.Query[name].ToString();
        if (Asked("client_id") != Client || Asked("response_type") != "code" || !Asked("scope").Split(' ').Contains("openid") || Asked("code_challenge_method") != "S256" || Asked("nonce").Length < 16)
            return Results.BadRequest();
        if (Declines)
            return Results.Redirect(QueryHelpers.AddQueryString(Asked("redirect_uri"), new Dictionary<string, string?> { ["error"] = "access_denied", ["state"] = Asked("state") }));
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        codes[code] = (Asked("nonce"), Asked("code_challenge"), Asked("redirect_uri"));
        return Results.Redirect(QueryHelpers.AddQueryString(Asked("redirect_uri"), new Dictionary<string, string?> { ["code"] = code, ["state"] = Asked("state") }));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        if (Broken is { } status)
            return Results.StatusCode(status);
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
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        (claims["iss"], claims["aud"], claims["nonce"], claims["iat"], claims["exp"]) = (Issuer, Client, begun.Nonce, now, now + 300);
        Spoil(claims);
        var token = Forge?.Invoke(claims) ?? Token(
            new() { ["alg"] = "RS256", ["kid"] = Key.Published["kid"]!.DeepClone() }, claims, bytes => Key.Private.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return Results.Json(new { access_token = "opaque", token_type = "Bearer", id_token = token });
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
