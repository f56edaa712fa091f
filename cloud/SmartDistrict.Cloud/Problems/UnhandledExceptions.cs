using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Data.Sqlite;
using SmartDistrict.Cloud.Footfall;

namespace SmartDistrict.Cloud.Problems;

/// <summary>Turns what a handler throws into a problem without a stack trace; the trace goes to the log.</summary>
internal sealed partial class UnhandledExceptions(IProblemDetailsService problems, ILogger<UnhandledExceptions> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellation)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
            return true;
        (int status, string code, string? detail) = exception switch
        {
            StoreUnavailableException e => (StatusCodes.Status503ServiceUnavailable, e.Code, e.Message),
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } e => (e.StatusCode, "bad-request", UnreadRequests.Detail(e)),
            BadHttpRequestException e => (e.StatusCode, Problem.CodeOf(e.StatusCode), null),
            SqliteException e => (StatusCodes.Status503ServiceUnavailable, "store-unavailable",
                $"The embedded store cannot work now ({e.Message}): look at the free space and the rights of the data folder"),
            _ => (StatusCodes.Status500InternalServerError, "internal-error",
                $"Something went wrong here, not with the request. The log tells more under the trace {context.TraceIdentifier}"),
        };
        if (status >= 500)
            LogFailed(context.Request.Method, context.Request.Path, status, context.TraceIdentifier, exception);
        if (status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "5";
        context.Response.StatusCode = status;
        await problems.WriteAsync(new() { HttpContext = context, ProblemDetails = Problem.Details(status, code, detail) });
        return true;
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed with {Status} (trace {Trace})")]
    private partial void LogFailed(string method, string path, int status, string trace, Exception exception);
}
