namespace SmartDistrict.Telemetry.Mqtt.Packets;

/// <summary>The peer broke the protocol; the connection ends with this reason code (MQTT 5 section 4.13).</summary>
internal sealed class MqttProtocolException(byte reasonCode, string message) : Exception(message)
{
    public byte ReasonCode { get; } = reasonCode;

    public static MqttProtocolException Malformed(string what) => new(Mqtt.ReasonCode.MalformedPacket, "malformed packet: " + what);

    public static MqttProtocolException Violation(string what) => new(Mqtt.ReasonCode.ProtocolError, "protocol error: " + what);
}
