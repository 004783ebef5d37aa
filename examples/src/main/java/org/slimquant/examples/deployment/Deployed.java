package org.slimquant.examples.deployment;

import java.util.List;
import org.slimquant.examples.measures.Check;
import org.slimquant.examples.measures.Integers;

/**
 * What became of a trained model.
 *
 * @param figures how its integers did
 * @param checks the rules that were tried
 */
public record Deployed(Integers figures, List<Check> checks) {

  /** Creates a result. */
  public Deployed {
    checks = List.copyOf(checks);
  }
}
