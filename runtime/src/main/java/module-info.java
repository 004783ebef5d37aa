/** Fake quantization, calibration and sensitivity of TensorFlow graphs. */
module org.slimquant.runtime {
  requires static transitive org.jspecify;
  requires transitive org.slimquant.annotations;
  requires transitive org.slimquant.formats;
  requires transitive tensorflow;

  exports org.slimquant.calibration;
  exports org.slimquant.runtime;
  exports org.slimquant.sensitivity;
  exports org.slimquant.runtime.dropout to
      org.slimquant.deploy;
  exports org.slimquant.runtime.fakequant to
      org.slimquant.deploy;
  exports org.slimquant.runtime.gradient to
      org.slimquant.deploy;
  exports org.slimquant.runtime.graph to
      org.slimquant.deploy;
}
