package org.slimquant.deploy.onnx;

import ai.onnxruntime.OrtException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.deploy.testing.TracedExample;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;

/** All tensors of a model as ONNX Runtime computes them: those that a form is exact for here. */
public final class OnnxTrace {

  private OnnxTrace() {}

  /** Returns the codes of all tensors, each computed by a model that ends with it. */
  public static Map<String, int[]> of(OnnxForm form, TracedExample example) throws OrtException {
    IntegerModel model = example.model();
    Map<String, int[]> trace = new LinkedHashMap<>();
    for (IntegerOp op : model.ops()) {
      IntegerModel until =
          new IntegerModel(model.name(), model.inputs(), List.of(op.output()), model.ops());
      try (OnnxRun run = OnnxRun.exact(until, form)) {
        trace.put(op.output().name(), run.only(example.inputs()));
      }
    }
    return trace;
  }
}
