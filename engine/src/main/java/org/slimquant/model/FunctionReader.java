package org.slimquant.model;

import org.slimquant.model.check.Fields;
import org.slimquant.model.proto.LeakyReluRecord;
import org.slimquant.model.proto.SlopeRecord;
import org.slimquant.model.proto.TableRecord;

/** Reads the ops that compute a function of each number. */
final class FunctionReader {

  private FunctionReader() {}

  static Table table(
      String name, String what, IntegerTensor input, TableRecord table, IntegerTensor output) {
    Fields.require(table, what, "code", "tie_code", "tie_ulps", "exact_ops");
    Codes codes =
        CodeBytes.codes(table.getCode(), output.format().bits(), output.format().signed(), what);
    TieDistance tie =
        Fields.named(
            what,
            () -> new TieDistance(table.getTieCode(), table.getTieUlps(), table.getExactOps()));
    return new Table(name, input, codes, tie, output);
  }

  static LeakyRelu leakyRelu(
      String name,
      String what,
      IntegerTensor input,
      LeakyReluRecord relu,
      CodeRange range,
      IntegerTensor output) {
    Fields.require(relu, what, "positive", "negative");
    return new LeakyRelu(
        name,
        input,
        slope(relu.getPositive(), what),
        slope(relu.getNegative(), what),
        range,
        output);
  }

  private static Slope slope(SlopeRecord slope, String what) {
    Fields.require(slope, what, "sign", "exponent");
    return Fields.named(what, () -> new Slope(slope.getSign(), slope.getExponent()));
  }
}
