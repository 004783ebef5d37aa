package org.slimquant.demo.deployment;

import java.util.List;
import org.slimquant.demo.measures.Check;
import org.slimquant.demo.measures.Integers;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.model.IntegerModel;

/**
 * The results of deploying a trained model.
 *
 * @param model the integer model
 * @param certificate the proof of its exactness
 * @param figures the figures of the integers
 * @param checks the results of the checks
 */
public record Deployed(
    IntegerModel model, ExactnessCertificate certificate, Integers figures, List<Check> checks) {

  /** Creates a result. */
  public Deployed {
    checks = List.copyOf(checks);
  }
}
