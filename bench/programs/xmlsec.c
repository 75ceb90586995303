/* One round of libxmlsec1 (OpenSSL) over one message, with an enveloped signature and exclusive canonicalization:
     xmlsec sign|verify hmac|rsa MS MESSAGE.xml KEY
   `sign` reads the text, signs it and writes the text anew, over and over for MS milliseconds of processor time; `verify` reads and
   verifies what `sign` made. KEY is the octets of a secret, or a private key in PEM. Prints {"perSecond": N}. */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xmlsec/crypto.h>
#include <xmlsec/templates.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

static char message[1 << 16];
static int message_length;
static xmlSecKeyPtr key;
static xmlSecTransformId method;
static xmlChar *signed_text;
static int signed_length;

static double processor(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static int read_whole(const char *path, char *into, size_t room) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) exit(2);
  size_t length = fread(into, 1, room, file);
  fclose(file);
  return (int)length;
}

static int sign(xmlChar **out, int *out_length) {
  xmlDocPtr document = xmlReadMemory(message, message_length, "message.xml", NULL, XML_PARSE_NONET);
  if (document == NULL) return 0;
  xmlNodePtr signature = xmlSecTmplSignatureCreate(document, xmlSecTransformExclC14NId, method, NULL);
  xmlAddChild(xmlDocGetRootElement(document), signature);
  xmlNodePtr reference =
      xmlSecTmplSignatureAddReference(signature, xmlSecTransformSha256Id, NULL, BAD_CAST "", NULL);
  xmlSecTmplReferenceAddTransform(reference, xmlSecTransformEnvelopedId);
  xmlSecTmplReferenceAddTransform(reference, xmlSecTransformExclC14NId);
  xmlSecDSigCtxPtr context = xmlSecDSigCtxCreate(NULL);
  context->signKey = xmlSecKeyDuplicate(key);
  int done = xmlSecDSigCtxSign(context, signature) >= 0;
  xmlSecDSigCtxDestroy(context);
  if (done) xmlDocDumpMemory(document, out, out_length);
  xmlFreeDoc(document);
  return done;
}

static int sign_once(void) {
  xmlChar *out = NULL;
  int length = 0;
  int done = sign(&out, &length);
  xmlFree(out);
  return done;
}

static int verify_once(void) {
  xmlDocPtr document =
      xmlReadMemory((const char *)signed_text, signed_length, "message.xml", NULL, XML_PARSE_NONET);
  if (document == NULL) return 0;
  xmlNodePtr signature = xmlSecFindNode(xmlDocGetRootElement(document), xmlSecNodeSignature, xmlSecDSigNs);
  xmlSecDSigCtxPtr context = xmlSecDSigCtxCreate(NULL);
  context->signKey = xmlSecKeyDuplicate(key);
  int holds = xmlSecDSigCtxVerify(context, signature) >= 0 && context->status == xmlSecDSigStatusSucceeded;
  xmlSecDSigCtxDestroy(context);
  xmlFreeDoc(document);
  return holds;
}

int main(int count, char **argument) {
  if (count != 6) return 2;
  int rsa = strcmp(argument[2], "rsa") == 0;
  xmlInitParser();
  if (xmlSecInit() < 0 || xmlSecCryptoAppInit(NULL) < 0 || xmlSecCryptoInit() < 0) return 2;
  message_length = read_whole(argument[4], message, sizeof message);
  if (rsa) {
    key = xmlSecCryptoAppKeyLoad(argument[5], xmlSecKeyDataFormatPem, NULL, NULL, NULL);
    method = xmlSecTransformRsaSha256Id;
  } else {
    char secret[256];
    int length = read_whole(argument[5], secret, sizeof secret);
    key = xmlSecKeyReadMemory(xmlSecKeyDataHmacId, (xmlSecByte *)secret, length);
    method = xmlSecTransformHmacSha256Id;
  }
  if (key == NULL || !sign(&signed_text, &signed_length) || !verify_once()) return 1;
  int (*once)(void) = strcmp(argument[1], "sign") == 0 ? sign_once : verify_once;
  double wanted = atof(argument[3]) / 1000;
  double began = 0, spent = 0;
  long times = 0;
  /* The first hundred only warm up. */
  for (long at = -100; at < 0 || spent < wanted; at++) {
    if (at == 0) began = processor();
    if (!once()) return 1;
    if (at < 0) continue;
    times++;
    if (times % 16 == 0) spent = processor() - began;
  }
  printf("{\"perSecond\": %.1f}\n", times / spent);
  return 0;
}
