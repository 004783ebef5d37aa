package org.slimquant.processor.writing;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import java.util.List;
import java.util.Optional;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.format.Planned;
import org.slimquant.format.SignRequest;

/**
 * Writes the expression for a format.
 *
 * <pre>{@code
 * FixedPoint.signed(8, -7)           the annotation gives the exponent
 * Calibrated.signed(8)               calibration chooses it
 * Calibrated.of(8)                   calibration chooses it and the sign
 * PLAN.signed(8, -7)                 the plan has it
 * PLAN.foundUnsigned(8, -4)          the plan has it and the sign
 * PLAN.perChannel(8, -7, -6, -9)     the plan has one for each channel
 * }</pre>
 */
final class FormatWriter {

  /** The constant for the plan that the compiler was given. */
  private final Optional<FieldSpec> plan;

  FormatWriter(Optional<FieldSpec> plan) {
    this.plan = plan;
  }

  /** Returns the number of channels with a format of their own; 0 if all share one. */
  static int channels(FormatRequest format) {
    return format instanceof Planned planned && planned.format() instanceof PerChannel perChannel
        ? perChannel.fracs().size()
        : 0;
  }

  CodeBlock write(FormatRequest format) {
    if (format instanceof FixedPoint fixedPoint) {
      return CodeBlock.of(
          "$T.$L($L, $L)",
          FixedPoint.class,
          fixedPoint.signed() ? "signed" : "unsigned",
          fixedPoint.bits(),
          fixedPoint.frac());
    }
    if (format instanceof Planned planned) {
      List<Integer> fracs = planned.format().fracs();
      return CodeBlock.of(
          "$N.$L($L,$W$L)",
          plan.orElseThrow(),
          method(planned),
          format.bits(),
          fracs.stream().map(frac -> CodeBlock.of("$L", frac)).collect(CodeBlock.joining(",$W")));
    }
    Calibrated calibrated = (Calibrated) format;
    return CodeBlock.of("$T.$L($L)", Calibrated.class, method(calibrated), calibrated.bits());
  }

  private static String method(Planned planned) {
    boolean signed = planned.format().signed();
    return planned.request().sign() == SignRequest.CALIBRATED
        ? signed ? "foundSigned" : "foundUnsigned"
        : method(planned.request());
  }

  private static String method(Calibrated calibrated) {
    if (calibrated.perChannel()) {
      return "perChannel";
    }
    return switch (calibrated.sign()) {
      case CALIBRATED -> "of";
      case SIGNED -> "signed";
      case UNSIGNED -> "unsigned";
    };
  }
}
