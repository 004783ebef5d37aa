/** The annotation of quantized layers. */
module org.slimquant.annotations {
  exports org.slimquant.annotations;
}
