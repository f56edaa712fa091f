using Microsoft.AspNetCore.Mvc;

namespace SmartDistrict.Cloud.Problems;

internal static class ProblemsSlice
{
    public static IServiceCollection AddProblems(this IServiceCollection services) => services
        .Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true)
        .AddProblemDetails(options => options.CustomizeProblemDetails = context => Complete(context.ProblemDetails))
        .AddExceptionHandler<UnhandledExceptions>();

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = _ => true });
        app.UseStatusCodePages();
    }

    /// <summary>Gives a code and a mend to the refusals that the framework itself makes.</summary>
    private static void Complete(ProblemDetails problem)
    {
        problem.Extensions.Remove("exception");
        if (problem is HttpValidationProblemDetails invalid)
        {
            problem.Extensions.TryAdd("code", "invalid");
            problem.Detail ??= string.Join("; ", invalid.Errors.Values.SelectMany(messages => messages));
        }
        problem.Extensions.TryAdd("code", Problem.CodeOf(problem.Status));
        problem.Detail ??= problem.Status switch
        {
            401 => "Nobody is signed in: POST name and password to /api/v1/session, or send a token as Authorization: Bearer …",
            403 => "Your role may not do this: an administrator can give you another",
            404 => "There is nothing at this path: /openapi/v1.json lists the paths",
            405 => "This path does not take the method: /openapi/v1.json lists what it takes",
            408 => "The body came too slowly: send it again, with fewer requests beside it",
            413 => "The body is larger than this path takes: send less at a time",
            415 => "The body is not of a media type that this path takes: send application/json",
            429 => "Too many attempts: wait a minute",
            < 500 => "The request cannot be read: /openapi/v1.json says what each path takes",
            _ => null,
        };
    }
}
