using System.Net.Sockets;
using System.Security.Authentication;
using SmartDistrict.Telemetry.Mqtt.Packets;

namespace SmartDistrict.Telemetry.Mqtt.Connections;

/// <summary>Puts into words, for the log, why a connection ended or did not come about.</summary>
internal static class ConnectionProblem
{
    /// <param name="endReason">Why we ended the connection ourselves, if we did: then the exception is only its echo.</param>
    public static MqttSessionEvent Describe(
        MqttSessionEventKind kind, Exception problem, string? endReason, bool timedOut, MqttSessionOptions options)
    {
        var broker = $"{options.Host}:{options.Port}";
        var before = kind == MqttSessionEventKind.Disconnected ? "Lost the MQTT broker at" : "No connection with the MQTT broker at";
        byte? code = problem switch
        {
            MqttProtocolException e => e.ReasonCode,
            MqttRefusedException e => e.ReasonCode,
            _ => null,
        };
        return new MqttSessionEvent(kind, $"{before} {broker}: {Reason(problem, endReason, timedOut && kind == MqttSessionEventKind.ConnectFailed, options)}.", code);
    }

    private static string Reason(Exception problem, string? endReason, bool timedOut, MqttSessionOptions options) => problem switch
    {
        MqttProtocolException e => $"{e.Message} ({ReasonCode.Describe(e.ReasonCode)})",
        MqttRefusedException => problem.Message,
        _ when endReason is not null => endReason,
        _ when timedOut => $"no answer within {options.ConnectTimeout.TotalSeconds:0.#} s",
        AuthenticationException => $"TLS failed: {Innermost(problem)} (check CaFile and ServerName, and whether the broker wants a client certificate)",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused: is it running, and does it listen on this port?",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => "the host name is not known: check Host and name resolution",
        IOException or SocketException or ObjectDisposedException => Innermost(problem),
        ArgumentException or FileNotFoundException => problem.Message,
        _ => problem.ToString(),
    };

    private static string Innermost(Exception problem) => problem.InnerException is { } inner ? $"{problem.Message.TrimEnd('.')}: {inner.Message}".TrimEnd('.') : problem.Message.TrimEnd('.');
}
