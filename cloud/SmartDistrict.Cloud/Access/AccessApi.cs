using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using SmartDistrict.Cloud.Access.OpenId;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Access;

/// <summary>Who comes in, and what they may do: people with passwords and sessions, programs with tokens.</summary>
internal static class AccessApi
{
    /// <summary>The rate limit of what can be guessed.</summary>
    public const string GuessLimit = "guess";

    private const string Selector = "selector";
    private const int AttemptsAMinute = 20;

    public static IServiceCollection AddAccess(this IServiceCollection services, CloudOptions options)
    {
        services.AddStateTables("access", AccessTables.Schema, AccessTables.OpenId);
        services.AddSingleton<Passwords>().AddSingleton<SetUpCode>().AddSingleton<Sessions>().AddSingleton<ApiTokens>().AddSingleton<OpenRequests>();
        services.AddHostedService(provider => provider.GetRequiredService<OpenRequests>());
        services.AddDataProtection().SetApplicationName("smartdistrict-cloud")
            .PersistKeysToFileSystem(new DirectoryInfo(options.Keys));
        services.AddAuthentication(Selector)
            .AddPolicyScheme(Selector, null, scheme => scheme.ForwardDefaultSelector = context =>
                BearerAccess.Applies(context.Request) ? BearerAccess.SchemeName : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, BearerAccess>(BearerAccess.SchemeName, null)
            .AddCookie(Configure)
            .AddOpenId(options.OpenId);
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<Sessions>((cookie, sessions) => cookie.Events.OnValidatePrincipal = sessions.ValidateAsync);
        services.AddAuthorizationBuilder().AddPolicies();
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = "60";
                return ValueTask.CompletedTask;
            };
            limiter.AddPolicy(GuessLimit, context => RateLimitPartition.GetFixedWindowLimiter(
                Neighbourhood(context.Connection.RemoteIpAddress), _ => new() { PermitLimit = AttemptsAMinute, Window = TimeSpan.FromMinutes(1) }));
        });
        return services;
    }

    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapSession();
        routes.MapSetUp();
        routes.MapPeople();
        routes.MapTokens();
    }

    /// <summary>Who counts as one: an IPv4 address; of IPv6 the network of 64 bit, of which a single home has 2^64 addresses.</summary>
    internal static string Neighbourhood(IPAddress? address) =>
        address is null ? "" : address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();

    /// <summary>An API answers 401 and 403 itself: nobody is sent to a page.</summary>
    private static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "smartdistrict";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = Sessions.Length;
        cookie.SlidingExpiration = true;
        cookie.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
        cookie.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
    }

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
