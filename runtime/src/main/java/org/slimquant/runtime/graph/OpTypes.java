package org.slimquant.runtime.graph;

import java.util.regex.Pattern;

/** Families of op types that have a pattern in their names; {@link OpKind} has the others. */
public final class OpTypes {

  // Apply: the optimizers of ref variables.
  private static final Pattern VARIABLE_MAINTENANCE =
      Pattern.compile(
          "(Resource)?(Sparse)?Apply.*|(Resource)?CountUpTo|IsVariableInitialized"
              + "|Save(V2|Slices)?");

  /** Ops that write to the variable at input 0 a value from another input. */
  private static final Pattern WRITERS = Pattern.compile("Assign.*|(Resource)?Scatter.*");

  // StopGradient and PreventGradient are ops of the forward pass.
  private static final Pattern GRADIENTS =
      Pattern.compile("(?!(Stop|Prevent)Gradient).*Grad(ient)?(V\\d)?");

  // Initial values of variables are never looked up here, because no op above a variable is read.
  private static final Pattern RANDOM =
      Pattern.compile(
          "(?!Stateless).*(Random|TruncatedNormal|Multinomial).*|Stateful(Uniform|StandardNormal).*");

  private static final Pattern SEEDED =
      Pattern.compile("Stateless.*(Random|TruncatedNormal|Multinomial).*");

  private OpTypes() {}

  /**
   * Returns whether the op writes or keeps the variable that it reads at {@code input}, instead of
   * reading its value.
   */
  static boolean maintainsVariable(String type, int input) {
    return VARIABLE_MAINTENANCE.matcher(type).matches()
        || (input == 0 && WRITERS.matcher(type).matches());
  }

  /** Returns whether the op computes a gradient, ReluGrad for example. */
  public static boolean isGradient(String type) {
    return GRADIENTS.matcher(type).matches();
  }

  /** Returns whether an op of a type computes another result at each run. */
  public static boolean isRandom(String type) {
    return RANDOM.matcher(type).matches();
  }

  /** Returns whether an op of a type computes the same at each run if its seed is the same. */
  public static boolean isSeeded(String type) {
    return SEEDED.matcher(type).matches();
  }
}
