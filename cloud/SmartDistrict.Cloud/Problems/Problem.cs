using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace SmartDistrict.Cloud.Problems;

/// <summary>
/// Every refusal of the API: RFC 9457 problem details whose <c>detail</c> says what is wrong and how to mend it, with a
/// <c>code</c> that stays the same between versions so that a client can translate it.
/// </summary>
internal static class Problem
{
    public static ProblemHttpResult Of(int status, string code, string detail) =>
        TypedResults.Problem(Details(status, code, detail));

    public static ProblemHttpResult BadRequest(string code, string detail) =>
        Of(StatusCodes.Status400BadRequest, code, detail);

    /// <param name="detail">Null where the status says it all: see <see cref="ProblemsSlice"/>.</param>
    public static ProblemDetails Details(int status, string code, string? detail) => new()
    {
        Status = status,
        Detail = detail,
        Extensions = { ["code"] = code },
    };

    /// <summary>The code of a refusal that names none itself (an unknown path, a method that is not offered).</summary>
    public static string CodeOf(int? status) => status switch
    {
        400 => "bad-request",
        401 => "not-signed-in",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        408 => "too-slow",
        413 => "too-large",
        415 => "unsupported-media-type",
        429 => "too-many-requests",
        503 => "unavailable",
        < 500 => "bad-request",
        _ => "internal-error",
    };
}
