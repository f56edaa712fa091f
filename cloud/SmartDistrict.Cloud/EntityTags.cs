using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace SmartDistrict.Cloud;

/// <summary>
/// Gives the answer to every GET an entity tag, the hash of its content: who asks again with <c>If-None-Match</c> (a browser does
/// so by itself) gets 304 and no body while nothing has changed. Answers that are made as bytes or streams see to it themselves.
/// </summary>
internal static class EntityTags
{
    private const int TagBytes = 16;

    public static RouteGroupBuilder WithEntityTags(this RouteGroupBuilder routes) => routes.AddEndpointFilter(async (context, next) =>
    {
        var answer = await next(context);
        while (answer is INestedHttpResult nested)
            answer = nested.Result;
        var http = context.HttpContext;
        if (!HttpMethods.IsGet(http.Request.Method) || answer is not IValueHttpResult { Value: { } value } || (answer as IStatusCodeHttpResult)?.StatusCode is not (null or StatusCodes.Status200OK))
            return answer;
        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var json = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), options);
        http.Response.Headers.CacheControl = "private, no-cache";
        // weak: it may be sent compressed
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, TagBytes))}\"", isWeak: true);
        return TypedResults.Bytes(json, (answer as IContentTypeHttpResult)?.ContentType ?? "application/json; charset=utf-8", entityTag: tag);
    });
}
