namespace Grpc.Core;

/// <summary>Says which static method binds a generated service class.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    /// <summary>The type that has the method.</summary>
    public Type BindType => bindType;

    /// <summary>The method's name.</summary>
    public string BindMethodName => bindMethodName;
}
