using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;

namespace SmartDistrict.Cloud.Tests.Hosting;

/// <summary>People at their browsers.</summary>
internal static class Visitors
{
    public const string Password = "a long way to the harbour";

    /// <summary>A browser that nobody signed in with.</summary>
    public static HttpClient Browser(this CloudApp app) => app.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false, AllowAutoRedirect = false });

    /// <summary>Somebody new, invited and signed in with <see cref="Password"/>.</summary>
    public static async Task<HttpClient> JoinAsync(this CloudApp app, string name, string role = "operator")
    {
        var code = (await app.InviteAsync(name, role)).GetProperty("code").GetString();
        return await app.EnterAsync("/api/v1/set-up", new { code, password = Password });
    }

    /// <summary>Lets somebody in; their invitation.</summary>
    public static Task<JsonElement> InviteAsync(this CloudApp app, string name, string role = "operator") =>
        app.Administrator().SendAsync(HttpMethod.Post, "/api/v1/people", new { name, role });

    public static Task<HttpClient> SignInAsync(this CloudApp app, string name, string password = Password) =>
        app.EnterAsync("/api/v1/session", new { name, password });

    /// <summary>A browser that keeps the cookie which it is given for what it sends.</summary>
    public static async Task<HttpClient> EnterAsync(this CloudApp app, string path, object body)
    {
        var browser = app.Browser();
        using var answer = await browser.PostToAsync(path, JsonContent.Create(body));
        Assert.True(answer.StatusCode == HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        browser.DefaultRequestHeaders.Add("Cookie", answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        return browser;
    }

    public static Task<HttpResponseMessage> TrySendAsync(this HttpClient client, HttpMethod method, string path, object? body = null) =>
        client.SendAsync(new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) }, TestContext.Current.CancellationToken);

    /// <summary>The JSON of a 200, or nothing of a 204.</summary>
    public static async Task<JsonElement> SendAsync(this HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var response = await client.TrySendAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Whether somebody's cookie or token still opens the API.</summary>
    public static async Task<bool> IsInAsync(this HttpClient client)
    {
        using var response = await client.GetFromAsync("/api/v1/session");
        return response.StatusCode == HttpStatusCode.OK;
    }
}
