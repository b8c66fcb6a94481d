// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title FOR TESTS ONLY: validation data of ERC-4337: authorizer in the low 20 bytes, then validUntil6 (zero: for ever), then validAfter6.
library ValidationData {
    /// @notice What holds where both hold. One failed signature fails both; `first`'s authorizer is 0 or 1.
    function both(uint256 first, uint256 second) internal pure returns (uint256) {
        uint256 authorizer = uint160(first) == 1 ? 1 : uint160(second);
        uint48 one = _end(first);
        uint48 other = _end(second);
        uint48 end = one < other ? one : other;
        uint48 start = uint48(first >> 208) > uint48(second >> 208) ? uint48(first >> 208) : uint48(second >> 208);
        return authorizer | (uint256(end) << 160) | (uint256(start) << 208);
    }

    function _end(uint256 data) private pure returns (uint48 end) {
        end = uint48(data >> 160);
        if (end == 0) end = type(uint48).max;
    }
}
