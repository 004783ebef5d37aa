package org.slimquant.deploy.certificate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.function.Function;
import org.slimquant.model.TieDistance;

/**
 * Writes a certificate as JSON. Derived values are written too, so that a reader need not know the
 * rules:
 *
 * <pre>{@code
 * {
 *   "model": "lenet",
 *   "exact": false,
 *   "assumptions": [{"name": "GRAPH", "text": "…"}],
 *   "ops": [{
 *     "name": "conv1", "type": "Conv2D", "exact": false, "accumulatorBits": 26, "headroom": 6,
 *     "excesses": [],
 *     "sums": [{
 *       "name": "channel 0", "exact": false, "magnitude": 20000000, "divisor": 1, "exponent": -12,
 *       "shift": 7, "roundingBits": 15, "accumulatorBits": 26, "headroom": 6,
 *       "excesses": [{"rule": "SUM", "actual": 20000000, "limit": 16777216}]
 *     }]
 *   }, {
 *     "name": "act", "type": "Table", …,
 *     "nearestTie": {"code": 17, "ulps": 152.5, "exactOps": false, "portable": true}
 *   }]
 * }
 * }</pre>
 */
final class CertificateJson {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private CertificateJson() {}

  static String of(ExactnessCertificate certificate) {
    JsonObject json = new JsonObject();
    json.addProperty("model", certificate.model());
    json.addProperty("exact", certificate.exact());
    json.add("assumptions", array(ExactnessCertificate.assumptions(), CertificateJson::json));
    json.add("ops", array(certificate.ops(), CertificateJson::json));
    return GSON.toJson(json);
  }

  private static JsonObject json(Assumption assumption) {
    JsonObject json = new JsonObject();
    json.addProperty("name", assumption.name());
    json.addProperty("text", assumption.text());
    return json;
  }

  private static JsonObject json(OpProof op) {
    JsonObject json = new JsonObject();
    json.addProperty("name", op.name());
    json.addProperty("type", op.type());
    json.addProperty("exact", op.exact());
    json.addProperty("accumulatorBits", op.accumulatorBits());
    json.addProperty("headroom", op.headroom());
    json.add("excesses", array(op.excesses(), CertificateJson::json));
    json.add("sums", array(op.sums(), CertificateJson::json));
    op.nearestTie().ifPresent(tie -> json.add("nearestTie", json(tie)));
    return json;
  }

  private static JsonObject json(TieDistance tie) {
    JsonObject json = new JsonObject();
    json.addProperty("code", tie.code());
    json.addProperty("ulps", tie.ulps());
    json.addProperty("exactOps", tie.exactOps());
    json.addProperty("portable", tie.survives(OpProof.MACHINES_DIFFER));
    return json;
  }

  private static JsonObject json(SumProof sum) {
    JsonObject json = new JsonObject();
    json.addProperty("name", sum.name());
    json.addProperty("exact", sum.exact());
    json.addProperty("magnitude", sum.magnitude());
    json.addProperty("divisor", sum.divisor());
    json.addProperty("exponent", sum.exponent());
    json.addProperty("shift", sum.shift());
    json.addProperty("roundingBits", sum.roundingBits());
    json.addProperty("accumulatorBits", sum.accumulatorBits());
    json.addProperty("headroom", sum.headroom());
    json.add("excesses", array(sum.excesses(), CertificateJson::json));
    return json;
  }

  private static JsonObject json(Excess excess) {
    JsonObject json = new JsonObject();
    json.addProperty("rule", excess.rule().name());
    json.addProperty("actual", excess.actual());
    json.addProperty("limit", excess.rule().limit());
    return json;
  }

  private static <T> JsonArray array(List<T> all, Function<T, JsonObject> json) {
    JsonArray array = new JsonArray();
    all.forEach(one -> array.add(json.apply(one)));
    return array;
  }
}
