// Certificates in the form that OpenSSL's functions take. Used by crypto/*.cc only.
#pragma once

#include "crypto/certificate.h"
#include "crypto/handle.h"

struct stack_st_X509;

namespace probatio::crypto {

void FreeBorrowed(stack_st_X509* stack);  // the stack alone
void FreeOwned(stack_st_X509* stack);     // the stack and its certificates
using BorrowedStack = Handle<stack_st_X509, FreeBorrowed>;
using OwnedStack = Handle<stack_st_X509, FreeOwned>;

// Borrows: the certificates must outlive the stack.
BorrowedStack StackOf(std::span<const Certificate> certificates);

}  // namespace probatio::crypto
