namespace SmartDistrict.Telemetry.Mqtt;

/// <summary>Reason codes of MQTT 5 (section 2.4) and return codes of MQTT 3.1.1 (table 3.1), with their names.</summary>
internal static class ReasonCode
{
    public const byte Success = 0x00;
    public const byte FirstError = 0x80;
    public const byte MalformedPacket = 0x81;
    public const byte ProtocolError = 0x82;
    public const byte PacketIdentifierNotFound = 0x92;
    public const byte TopicAliasInvalid = 0x94;
    public const byte PacketTooLarge = 0x95;
    public const byte RetainNotSupported = 0x9A;
    public const byte QosNotSupported = 0x9B;

    /// <summary>As a technician reads it: <c>0x87 Not authorized</c>.</summary>
    public static string Describe(byte code) => $"0x{code:X2} {Name(code)}";

    /// <summary>A 3.1.1 CONNACK return code, which counts from 1.</summary>
    public static string DescribeConnack311(byte code) => code switch
    {
        1 => "1 unacceptable protocol version",
        2 => "2 client identifier rejected",
        3 => "3 server unavailable",
        4 => "4 bad user name or password",
        5 => "5 not authorized",
        _ => $"{code} unknown return code",
    };

    private static string Name(byte code) => code switch
    {
        0x00 => "Success",
        0x01 => "Granted QoS 1",
        0x02 => "Granted QoS 2",
        0x04 => "Disconnect with Will Message",
        0x10 => "No matching subscribers",
        0x80 => "Unspecified error",
        0x81 => "Malformed Packet",
        0x82 => "Protocol Error",
        0x83 => "Implementation specific error",
        0x84 => "Unsupported Protocol Version",
        0x85 => "Client Identifier not valid",
        0x86 => "Bad User Name or Password",
        0x87 => "Not authorized",
        0x88 => "Server unavailable",
        0x89 => "Server busy",
        0x8A => "Banned",
        0x8B => "Server shutting down",
        0x8C => "Bad authentication method",
        0x8D => "Keep Alive timeout",
        0x8E => "Session taken over",
        0x8F => "Topic Filter invalid",
        0x90 => "Topic Name invalid",
        0x91 => "Packet Identifier in use",
        0x92 => "Packet Identifier not found",
        0x93 => "Receive Maximum exceeded",
        0x94 => "Topic Alias invalid",
        0x95 => "Packet too large",
        0x96 => "Message rate too high",
        0x97 => "Quota exceeded",
        0x98 => "Administrative action",
        0x99 => "Payload format invalid",
        0x9A => "Retain not supported",
        0x9B => "QoS not supported",
        0x9C => "Use another server",
        0x9D => "Server moved",
        0x9E => "Shared Subscriptions not supported",
        0x9F => "Connection rate exceeded",
        0xA0 => "Maximum connect time",
        0xA1 => "Subscription Identifiers not supported",
        0xA2 => "Wildcard Subscriptions not supported",
        _ => "unknown reason code",
    };
}
