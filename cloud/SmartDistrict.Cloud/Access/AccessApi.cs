using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.RateLimiting;
using SmartDistrict.Cloud.Problems;

namespace SmartDistrict.Cloud.Access;

/// <summary>A wish to sign in.</summary>
public sealed record SignInRequest
{
    /// <summary>The access code: this service made it at its first start, and keeps it in its data folder.</summary>
    [Required(ErrorMessage = "code is missing: send the access code in the field code")]
    [StringLength(200, MinimumLength = 1, ErrorMessage = "code has 1 to 200 characters")]
    public string? Code { get; init; }
}

/// <summary>The session of this browser.</summary>
/// <param name="SignedIn">Always true; without a session the answer is 401.</param>
public sealed record SessionState(bool SignedIn);

internal static class AccessApi
{
    private const string Selector = "selector";
    private const string SignInLimit = "sign-in";
    private const int AttemptsAMinute = 10;
    private static readonly TimeSpan SessionLength = TimeSpan.FromDays(7);

    public static IServiceCollection AddAccess(this IServiceCollection services, CloudOptions options)
    {
        services.AddSingleton<AccessCode>();
        services.AddDataProtection().SetApplicationName("smartdistrict-cloud")
            .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(options.Data, "keys")));
        services.AddAuthentication(Selector)
            .AddPolicyScheme(Selector, null, scheme => scheme.ForwardDefaultSelector = context =>
                BearerAccess.Applies(context.Request) ? BearerAccess.SchemeName : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, BearerAccess>(BearerAccess.SchemeName, null)
            .AddCookie(Configure);
        services.AddAuthorizationBuilder().AddPolicies();
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = "60";
                return ValueTask.CompletedTask;
            };
            limiter.AddPolicy(SignInLimit, context => RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new() { PermitLimit = AttemptsAMinute, Window = TimeSpan.FromMinutes(1) }));
        });
        return services;
    }

    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/session").WithTags("Session");
        session.MapPost("", SignInAsync).AllowAnonymous().RequireRateLimiting(SignInLimit).WithName("signIn")
            .WithSummary("Signs in with the access code; sets a cookie")
            .WithDescription("At most ten attempts a minute from one address.")
            .Produces(StatusCodes.Status204NoContent).ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);
        session.MapGet("", () => TypedResults.Ok(new SessionState(true))).WithName("getSession")
            .WithSummary("Whether this browser is signed in").ProducesProblem(StatusCodes.Status401Unauthorized);
        session.MapDelete("", (Delegate)SignOutAsync).AllowAnonymous().WithName("signOut").WithSummary("Signs out");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SignInAsync(SignInRequest request, AccessCode code, HttpContext context)
    {
        if (!code.Matches(request.Code ?? ""))
            return Problem.Of(StatusCodes.Status401Unauthorized, "wrong-access-code", "This is not the access code: it stands in the file access-code of the service's data folder");
        await context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            BearerAccess.Principal("access code", Role.Administrator, CookieAuthenticationDefaults.AuthenticationScheme), new() { IsPersistent = true });
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.NoContent();
    }

    /// <summary>An API answers 401 and 403 itself: nobody is sent to a page.</summary>
    private static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "smartdistrict";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = SessionLength;
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
