#!/bin/sh
# Makes the certificates of the TLS tests anew: an authority, a server for localhost, a device. Valid for 100 years.
set -eu
cd "$(dirname "$0")"
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key.pem"; }
issue() {
  key "$1"
  openssl req -new -key "$1.key.pem" -subj "/CN=$2" -out "$1.csr"
  printf '%s\n' "$3" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key.pem -set_serial "$4" -days 36500 -extfile "$1.ext" -out "$1.pem"
  rm "$1.csr" "$1.ext"
}
key ca
openssl req -x509 -new -key ca.key.pem -subj '/CN=Test authority' -days 36500 -out ca.pem
issue server localhost 'subjectAltName=DNS:localhost' 2
issue device 'urn:uuid:device' 'extendedKeyUsage=clientAuth' 3
rm ca.key.pem
