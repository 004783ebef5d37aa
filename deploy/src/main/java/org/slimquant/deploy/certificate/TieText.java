package org.slimquant.deploy.certificate;

import java.util.Locale;
import java.util.Optional;
import org.slimquant.model.TieDistance;

/** Writes how far the function of a table is from a tie, and what follows for other machines. */
public final class TieText {

  private static final double MANY = 1000;

  private TieText() {}

  /** Returns the text of a table whose function has a value near a tie. */
  public static Optional<String> of(OpProof op) {
    return op.nearestTie()
        .map(
            tie ->
                "%s: the value of code %d is nearest to a tie, %s ulps away; %s"
                    .formatted(op.name(), tie.code(), ulps(tie.ulps()), consequence(op, tie)));
  }

  private static String consequence(OpProof op, TieDistance tie) {
    if (tie.exactOps()) {
      return "IEEE 754 defines all its ops, so graphs on all machines have these codes";
    }
    return op.portable()
        ? "functions of other machines that differ by a few ulps give the same codes"
        : "the graph of another machine, whose functions differ by a few ulps, may have another code there";
  }

  private static String ulps(double ulps) {
    return String.format(Locale.ROOT, ulps < MANY ? "%.1f" : "%.0f", ulps);
  }
}
