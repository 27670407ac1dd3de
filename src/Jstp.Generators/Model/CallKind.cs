namespace Jstp.Generators.Model;

internal enum CallKind
{
    Call,
    CallWithResend,
    Emit,
}
